package org.eikonal.studio.photos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eikonal.studio.image.Exif;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.image.PictureFiles.Size;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.SceneFolder;
import org.eikonal.studio.scene.colmap.Placement;

/**
 * A folder of photos without poses: they lie in a folder {@code images} in it, or in it.
 *
 * @param folder the folder
 * @param images where in it the photos are: "" or "images"
 * @param photos all that can be read, sorted by name
 * @param reasons why others can't be, by name
 */
record PhotoFolder(SceneFolder folder, String images, List<Photo> photos, Map<String, String> reasons) {
    private static final String FOREIGN = "(?i)[^.].*\\.(heic|heif|avif|webp|dng|cr2|cr3|nef|arw|orf|rw2|exr)";

    /**
     * One photo.
     *
     * @param name its path in the folder of photos
     * @param size as its pixels lie in the file
     * @param bytes the file's length
     * @param camera what EXIF says of it; may be empty
     */
    record Photo(String name, Size size, long bytes, String camera) {}

    /**
     * Looks for photos.
     *
     * @return empty if there are none
     * @throws SceneException if the folder can't be read, or its photos are of formats that can't be
     */
    static Optional<PhotoFolder> find(Path path, PlacingListener listener) throws IOException {
        SceneFolder folder = SceneFolder.open(path);
        for (String images : List.of("images", "")) {
            if (!Files.isDirectory(folder.path().resolve(images))) {
                continue;
            }
            List<String> names = folder.imagesIn(images).stream().filter(name -> name.matches(Placement.GIVEN)).toList();
            List<String> foreign = foreign(folder.path().resolve(images));
            if (names.isEmpty() && !foreign.isEmpty()) {
                throw new SceneException(folder.path().resolve(images), foreign.size() + " photos, such as "
                        + foreign.get(0) + ", are of a format that can't be placed: turn them into JPEG or PNG ("
                        + "'heif-convert IN.heic OUT.jpg' or 'magick mogrify -format jpg *.heic'; phones do so when"
                        + " told to be most compatible)");
            }
            if (!foreign.isEmpty()) {
                listener.note(foreign.size() + " photos, such as " + foreign.get(0)
                        + ", are left out: they are neither JPEG, PNG, TIFF nor BMP");
            }
            if (!names.isEmpty()) {
                return Optional.of(read(folder, images, names));
            }
        }
        return Optional.empty();
    }

    private static List<String> foreign(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.matches(FOREIGN)).sorted()
                    .toList();
        }
    }

    private static PhotoFolder read(SceneFolder folder, String images, List<String> paths) {
        List<Photo> photos = new ArrayList<>();
        Map<String, String> reasons = new TreeMap<>();
        for (String path : paths) {
            String name = path.substring(images.isEmpty() ? 0 : images.length() + 1);
            try {
                Path file = folder.image(path).orElseThrow(() -> new IOException("it is no file"));
                photos.add(new Photo(name, PictureFiles.size(file), Files.size(file), Exif.of(file).camera()));
            } catch (IllegalArgumentException | IOException e) {
                reasons.put(name, e.getMessage());
            }
        }
        return new PhotoFolder(folder, images, List.copyOf(photos), reasons);
    }

    /** @return where the photos are */
    Path root() {
        return folder.path().resolve(images);
    }

    /** @return where COLMAP works */
    Path work() {
        return folder.path().resolve(Placement.FOLDER);
    }

    /** @return where the model goes: beside images as COLMAP's users have it; among photos, apart from them */
    Path model() {
        return (images.isEmpty() ? work() : folder.path()).resolve("sparse/0");
    }

    /** @return what is given to COLMAP */
    Placement placement(Map<String, String> unplaced) {
        Map<String, String> all = new TreeMap<>(reasons);
        all.putAll(unplaced);
        return new Placement(photos.stream().collect(Collectors.toMap(Photo::name, Photo::bytes)), all);
    }

    /** @return the photos that one lens took, as far as one can tell: of one size, one camera and one focal length */
    Collection<List<Photo>> byCamera() {
        return photos.stream().collect(Collectors.groupingBy(photo -> photo.size() + photo.camera(), LinkedHashMap::new,
                Collectors.toList())).values();
    }
}
