package org.eikonal.studio.photos;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eikonal.studio.scene.SceneException;

/**
 * The program {@code colmap}, of version 3.8 or newer: structure from motion. It runs in a process of its own, which is
 * killed when the work is cancelled.
 *
 * @param program the executable
 */
record Colmap(Path program) {
    private static final int LINES_KEPT = 40;
    private static final int POLL_MILLIS = 100;
    private static final int INTERRUPTED = 128 + 2;
    private static final int KILLED = 128 + 9;
    private static final Pattern TELLING = Pattern.compile("(?i)error|check failed|exception|fail|cannot|abort");

    /** The one that the search path has, if any. */
    static Optional<Colmap> find() {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "" : path).split(File.pathSeparator)) {
            try {
                Path program = Path.of(folder, "colmap");
                if (!folder.isEmpty() && Files.isRegularFile(program) && Files.isExecutable(program)) {
                    return Optional.of(new Colmap(program.toAbsolutePath()));
                }
            } catch (InvalidPathException e) {
                // Nothing can be there.
            }
        }
        return Optional.empty();
    }

    /** What to tell who has none. */
    static SceneException missing(Path photos) {
        return new SceneException(photos, "there are no poses, and COLMAP, which finds out where photos were taken, is"
                + " not installed: install it ('sudo apt install colmap' on Debian and Ubuntu, 'conda install -c"
                + " conda-forge colmap', 'brew install colmap') and give the same command again; or name a folder with"
                + " poses");
    }

    /**
     * The end of a command.
     *
     * @param last its last lines
     */
    record Ended(Path log, String command, int code, List<String> last) {
        /** @return whether a line of the last ones matches */
        boolean says(Pattern pattern) {
            return last.stream().anyMatch(line -> pattern.matcher(line).find());
        }

        /** @throws SceneException if it failed, with what it said last of why */
        void requireSuccess() {
            if (code == 0) {
                return;
            }
            String why = last.stream().filter(line -> TELLING.matcher(line).find()).reduce((first, then) -> then)
                    .or(() -> last.stream().filter(line -> !line.isBlank()).reduce((first, then) -> then)).orElse("");
            throw new SceneException(log, "COLMAP's " + command + (code == KILLED
                    ? " was killed, as systems do when memory runs out: close other programs, or make the photos"
                            + " smaller, and give the same command again"
                    : " failed (exit code " + code + (why.isEmpty() ? "" : ": " + why.strip()) + "); this file has all"
                            + " that it said; the same command tries again, anew where the folder of this file is"
                            + " removed"));
        }
    }

    /**
     * The full name of an option: "SiftExtraction.use_gpu" of COLMAP 3.8 is "FeatureExtraction.use_gpu" in later ones.
     *
     * @return {@code --NAME} and the value; nothing if this COLMAP has no option of that name
     */
    List<String> option(Path log, String command, String name, String value, PlacingListener listener)
            throws IOException {
        Pattern pattern = Pattern.compile("--((Sift|Feature)\\w+\\." + Pattern.quote(name) + ")\\b");
        List<String> found = new ArrayList<>();
        run(log, List.of(command, "-h"), line -> {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find() && found.isEmpty()) {
                found.addAll(List.of("--" + matcher.group(1), value));
            }
        }, listener).requireSuccess();
        return found;
    }

    /**
     * Runs one of its commands to the end.
     *
     * @param log where all that it says is added
     * @param lines told each line as it comes
     * @throws CancellationException if the listener says so, or COLMAP was interrupted; the process is gone by then
     * @throws IOException if it can't be started, or the log can't be written
     */
    Ended run(Path log, List<String> arguments, Consumer<String> lines, PlacingListener listener) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("QT_QPA_PLATFORM", "offscreen"); // some commands ask for a screen and draw nothing
        Process process = builder.start();
        Thread guard = new Thread(() -> guard(process, listener), "colmap");
        guard.setDaemon(true);
        guard.start();
        Deque<String> last = new ArrayDeque<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
                BufferedWriter all = Files.newBufferedWriter(log, StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND)) {
            process.getOutputStream().close();
            all.write("$ " + String.join(" ", command) + "\n");
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                all.write(line + "\n");
                lines.accept(line);
                last.add(line);
                if (last.size() > LINES_KEPT) {
                    last.remove();
                }
            }
            int code = process.waitFor();
            // A terminal sends Ctrl-C to COLMAP as well, which may end before the listener knows.
            if (listener.isCancelled() || code == INTERRUPTED) {
                throw new CancellationException("cancelled");
            }
            return new Ended(log, arguments.get(0), code, List.copyOf(last));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } finally {
            kill(process);
        }
    }

    /** Kills the process when it is to stop; whoever reads its output sees the end of it then. */
    private static void guard(Process process, PlacingListener listener) {
        try {
            while (process.isAlive()) {
                if (listener.isCancelled()) {
                    kill(process);
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * With its children: some installations have a script in front. Its database survives being killed. By its handle:
     * a process that is destroyed as such has its output closed under the one who reads it.
     */
    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }
}
