package org.eikonal.studio.photos;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.commons.io.file.PathUtils;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.image.VideoFile;
import org.eikonal.studio.photos.PlacingListener.Stage;
import org.eikonal.studio.run.AtomicFiles;
import org.eikonal.studio.scene.JsonObject;
import org.eikonal.studio.scene.SceneException;

/**
 * A film of a scene, and the folder beside it to which the sharpest of its frames go.
 *
 * @param file the film
 * @param folder the scene's folder
 */
record Film(Path file, Path folder) {
    private static final String SOURCE = "film.json";
    private static final String FILMS = "(?i).+\\.(mp4|m4v|mov|mkv|webm|avi)";

    private static final double FRAMES_A_SECOND = 2.5;
    private static final int LEAST = 40;
    private static final int MOST = 160;
    // Larger frames would cost memory and time of training rather than add detail to a field.
    private static final int LARGEST_SIDE = 1920;
    private static final double QUALITY = 0.95;

    /** @return empty if it is none, by its name */
    static Optional<Film> of(Path path) {
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        return Files.isRegularFile(path) && name.matches(FILMS)
                ? Optional.of(new Film(path, path.resolveSibling(name.substring(0, name.lastIndexOf('.')) + "-scene")))
                : Optional.empty();
    }

    /** @return whether a folder holds a film's frames, in their order */
    static boolean isOf(Path folder) {
        return Files.isRegularFile(folder.resolve(SOURCE));
    }

    /** @throws SceneException if the folder is there and is not this film's */
    void requireOwn() throws IOException {
        if (!Files.exists(folder) || Files.isDirectory(folder) && PathUtils.isEmptyDirectory(folder)) {
            return;
        }
        if (!isOf(folder)) {
            throw new SceneException(folder, "the frames of " + file.getFileName()
                    + " go there, but it holds something else: move it away, or rename the film");
        }
        JsonObject source = JsonObject.read(folder.resolve(SOURCE));
        long bytes = source.node().path("bytes").asLong();
        String name = source.node().path("film").asText();
        if (!name.equals(file.getFileName().toString()) || bytes != Files.size(file)) {
            throw new SceneException(folder, "it holds frames of another film (" + name + " of " + bytes
                    + " bytes): move it away to begin anew");
        }
    }

    /**
     * Writes the sharpest frame of each of equal parts of the film as JPEG to a folder {@code images}, which appears
     * whole; does nothing if it is there.
     *
     * @throws CancellationException if the listener says so
     * @throws IOException in one line, if the film can't be read
     */
    void chooseFrames(PlacingListener listener) throws IOException {
        Path images = folder.resolve("images");
        if (Files.isDirectory(images)) {
            return;
        }
        try (VideoFile video = new VideoFile(file)) {
            int wanted = (int) Math.min(video.frames(),
                    Math.max(LEAST, Math.min(MOST, Math.round(video.seconds() * FRAMES_A_SECOND))));
            if (wanted < ModelChoice.FEWEST) {
                throw new SceneException(file, "it has " + video.frames() + " frames, too few to place: film the scene"
                        + " for some tens of seconds, walking slowly around it");
            }
            Path beginning = begin();
            int chosen = choose(video, wanted, beginning, listener);
            if (chosen < ModelChoice.FEWEST) {
                throw new SceneException(file, "only " + chosen + " of its frames can be decoded; copy the film anew");
            }
            Files.move(beginning, images, StandardCopyOption.ATOMIC_MOVE);
            listener.note(String.format(Locale.ROOT, "chose %d of %d frames, the sharpest of every %.2f s, in %s",
                    chosen, video.frames(), video.seconds() / wanted, images));
        }
    }

    private Path begin() throws IOException {
        Path beginning = folder.resolve(".images");
        try {
            Files.createDirectories(folder);
        } catch (AccessDeniedException e) {
            throw new SceneException(folder, "can't be made, and the film's frames go there: copy the film to a folder"
                    + " where you may write");
        }
        AtomicFiles.replace(folder.resolve(SOURCE), new JsonMapper().writeValueAsBytes(
                Map.of("film", file.getFileName().toString(), "bytes", Files.size(file))));
        if (Files.exists(beginning)) {
            PathUtils.deleteDirectory(beginning);
        }
        return Files.createDirectory(beginning);
    }

    private static int choose(VideoFile video, int wanted, Path to, PlacingListener listener) throws IOException {
        int chosen = 0;
        long part = 0;
        Picture best = null;
        long bestNumber = 0;
        double sharpest = -1;
        int total = (int) Math.min(Integer.MAX_VALUE, video.frames());
        for (long number = 0; video.next(); number++) {
            if (listener.isCancelled()) {
                throw new CancellationException("cancelled");
            }
            long now = Math.min(wanted - 1, number * wanted / video.frames());
            if (now != part && best != null) {
                write(best, bestNumber, to);
                chosen++;
                best = null;
                sharpest = -1;
            }
            part = now;
            double sharpness = video.sharpness();
            if (sharpness > sharpest) {
                sharpest = sharpness;
                best = video.picture(LARGEST_SIDE);
                bestNumber = number;
            }
            listener.progress(Stage.FRAMES, (int) Math.min(total, number + 1), total);
        }
        if (best != null) {
            write(best, bestNumber, to);
            chosen++;
        }
        return chosen;
    }

    /** Named by its number in the film. */
    private static void write(Picture frame, long number, Path folder) throws IOException {
        Files.write(folder.resolve(String.format(Locale.ROOT, "%06d.jpg", number)),
                PictureFiles.jpeg(frame, QUALITY));
    }
}
