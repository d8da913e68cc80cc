package org.eikonal.studio.photos;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.eikonal.studio.photos.Colmap.Ended;
import org.eikonal.studio.photos.PhotoFolder.Photo;
import org.eikonal.studio.photos.PlacingListener.Stage;
import org.eikonal.studio.run.AtomicFiles;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.colmap.Placement;

/**
 * One reconstruction by COLMAP: features, matches, poses. Its database is kept until the model is whole, so that what
 * was interrupted goes on: features start anew, since photos of one camera are read in one go; pairs that were matched
 * are not matched again; placing starts anew. The model appears at once, when it is whole.
 */
final class ColmapRun {
    // COLMAP's medium quality: SIFT doubles each photo, in floats, on every thread, and matching takes the longest.
    private static final String LARGEST_SIDE = "1600";
    private static final String MOST_FEATURES = "4096";
    // All pairs of more take hours; in the order of their names, photos that were taken one after another meet.
    private static final int MOST_FOR_ALL_PAIRS = 150;
    private static final int MOST_FRAMES_FOR_ALL_PAIRS = 40;
    // COLMAP says how far it is a block of pairs at a time.
    private static final int BLOCK = 10;
    private static final int FEWEST_FOR_TANGENTIAL = 8;
    private static final Pattern NO_MODEL = Pattern.compile(
            "(?i)failed to create (any )?sparse model|no images with matches|no good initial image pair");

    private final PhotoFolder photos;
    private final boolean film;
    private final Colmap colmap;
    private final PlacingListener listener;
    private final Path work;
    private final Path log;
    private final Path database;

    private ColmapRun(PhotoFolder photos, boolean film, Colmap colmap, PlacingListener listener) {
        this.photos = photos;
        this.film = film;
        this.colmap = colmap;
        this.listener = listener;
        work = photos.work();
        log = work.resolve("colmap.log");
        database = work.resolve("database.db");
    }

    /**
     * Places photos: afterwards their folder is a COLMAP scene.
     *
     * @param film whether they are frames of a film, in its order
     * @throws java.util.concurrent.CancellationException if the listener says so
     * @throws SceneException if COLMAP fails, or places too few
     */
    static void place(PhotoFolder photos, boolean film, Colmap colmap, PlacingListener listener) throws IOException {
        Path work = photos.work();
        if (photos.photos().size() < ModelChoice.FEWEST) {
            throw new SceneException(photos.root(), "there are no poses, and with " + photos.photos().size()
                    + " photos COLMAP can't estimate them: " + ModelChoice.ADVICE);
        }
        for (Path place : List.of(work, photos.model().getParent(), photos.model())) {
            if (Files.isSymbolicLink(place)) {
                throw new SceneException(place, "it is a link, and poses are to be kept there: remove it");
            }
        }
        if (Files.exists(photos.model())
                && !(Files.isDirectory(photos.model()) && PathUtils.isEmptyDirectory(photos.model()))) {
            throw new SceneException(photos.model(), "it holds no COLMAP model, and the new one is to go there: move it"
                    + " away");
        }
        try {
            Files.createDirectories(work);
        } catch (AccessDeniedException e) {
            throw new SceneException(work, "can't be written, and poses are kept there: copy the photos to a folder"
                    + " where you may write");
        }
        try (FileChannel channel = FileChannel.open(work.resolve(".lock"), StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            if (lock == null) {
                throw new SceneException(work, "another program is placing these photos: wait for it, or stop it");
            }
            new ColmapRun(photos, film, colmap, listener).place();
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private void place() throws IOException {
        Placement now = photos.placement(Map.of());
        boolean same = Placement.read(photos.folder()).filter(now::equals).isPresent();
        if (same && Files.exists(database)) {
            listener.note("going on where it stopped: the features are there");
        } else {
            deleteDatabase("database.db");
            Files.deleteIfExists(log);
            AtomicFiles.replace(photos.folder().path().resolve(Placement.FILE), now.json());
            extract();
        }
        match();
        List<Path> models = map();
        keep(ModelChoice.of(models, photos, listener));
        deleteDatabase("database.db");
        PathUtils.deleteDirectory(models.get(0).getParent());
    }

    private void extract() throws IOException {
        listener.progress(Stage.FEATURES, 0, photos.photos().size());
        deleteDatabase(".database.db");
        Path beginning = work.resolve(".database.db");
        List<String> options = new ArrayList<>();
        options.addAll(option("feature_extractor", "use_gpu", "0"));
        options.addAll(option("feature_extractor", "max_image_size", LARGEST_SIDE));
        options.addAll(option("feature_extractor", "max_num_features", MOST_FEATURES));
        Path list = work.resolve(".photos.txt");
        int done = 0;
        for (List<Photo> group : photos.byCamera()) {
            Files.write(list, group.stream().map(Photo::name).toList());
            List<String> arguments = new ArrayList<>(List.of("feature_extractor", "--database_path",
                    beginning.toString(), "--image_path", photos.root().toString(), "--image_list_path",
                    list.toString(), "--ImageReader.single_camera", "1", "--ImageReader.camera_model",
                    group.size() < FEWEST_FOR_TANGENTIAL ? "SIMPLE_RADIAL" : "OPENCV"));
            arguments.addAll(options);
            run(arguments, done).requireSuccess();
            done += group.size();
        }
        Files.delete(list);
        Files.move(beginning, database, StandardCopyOption.ATOMIC_MOVE);
    }

    private void match() throws IOException {
        int count = photos.photos().size();
        boolean all = count <= (film ? MOST_FRAMES_FOR_ALL_PAIRS : MOST_FOR_ALL_PAIRS);
        String command = all ? "exhaustive_matcher" : "sequential_matcher";
        List<String> arguments = new ArrayList<>(List.of(command, "--database_path", database.toString()));
        arguments.addAll(option(command, "use_gpu", "0"));
        if (all) {
            arguments.addAll(List.of("--ExhaustiveMatching.block_size", "" + BLOCK));
        } else if (!film) {
            listener.note("there are more than " + MOST_FOR_ALL_PAIRS + " photos: each is matched with those that"
                    + " follow it by name, not with all");
        }
        int blocks = (count + BLOCK - 1) / BLOCK;
        listener.progress(Stage.MATCHING, 0, all ? blocks * blocks : count);
        run(arguments, 0).requireSuccess();
    }

    private List<String> option(String command, String name, String value) throws IOException {
        return colmap.option(log, command, name, value, listener);
    }

    /** Places photos in models, none of which is connected to another. */
    private List<Path> map() throws IOException {
        Path models = work.resolve(".models");
        if (Files.exists(models)) {
            PathUtils.deleteDirectory(models);
        }
        Files.createDirectory(models);
        listener.progress(Stage.PLACING, 0, photos.photos().size());
        Ended ended = run(List.of("mapper", "--database_path", database.toString(), "--image_path",
                photos.root().toString(), "--output_path", models.toString()), 0);
        try (Stream<Path> folders = Files.list(models)) {
            List<Path> found = folders.filter(folder -> Files.exists(folder.resolve("images.bin"))).sorted().toList();
            if (found.isEmpty() && (ended.code() == 0 || ended.says(NO_MODEL))) {
                throw ModelChoice.tooFew(photos, 0);
            }
            ended.requireSuccess();
            return found;
        }
    }

    private Ended run(List<String> arguments, int before) throws IOException {
        return colmap.run(log, arguments, new ColmapOutput(listener, photos.photos().size(), before), listener);
    }

    private void keep(ModelChoice choice) throws IOException {
        AtomicFiles.replace(photos.folder().path().resolve(Placement.FILE),
                photos.placement(choice.reasons()).json());
        Files.createDirectories(photos.model().getParent());
        Files.deleteIfExists(choice.model().resolve("project.ini")); // it names this machine's folders
        Files.move(choice.model(), photos.model(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** With what SQLite keeps beside it. */
    private void deleteDatabase(String name) throws IOException {
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(work.resolve(name + suffix));
        }
    }
}
