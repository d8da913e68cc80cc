package org.eikonal.studio.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eikonal.EikonalException;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.scene.SceneException;

/**
 * Gives a reader hostile files. What may come of one is success, or an exception of this project that says in one line
 * which file is at fault; in time, within a limit of memory, and without a look at files that are none of its business.
 *
 * <p>The same cases every time: {@code -Deikonal.fuzz.seed=N} gives others, {@code -Deikonal.fuzz.seconds=600} as many
 * as fit into that time, of all subjects together. A case that fails is kept in {@code target/fuzz}.
 */
final class Fuzz {
    private static final double SECONDS = Double.parseDouble(System.getProperty("eikonal.fuzz.seconds", "0"));
    private static final long SEED = Long.getLong("eikonal.fuzz.seed", 1);
    private static final int CASES = 150;
    private static final int LONGEST_SECONDS = 20;
    private static final int LONGEST_MESSAGE = 1000;
    private static final FileTime UNREAD = FileTime.fromMillis(0);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final BufferPoolMXBean DIRECT = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct")).findAny().orElseThrow();

    private final Path folder;
    private final Path secret;

    /** What reads a subject, and checks what it got. */
    interface Reader {
        void read() throws Exception;
    }

    /** What makes a hostile file of a valid one. */
    interface Attack {
        byte[] on(byte[] file, Random random) throws IOException;
    }

    /**
     * A file to be attacked.
     *
     * @param linked whether a link in its place may be followed: to a file that its user names, or keeps on another disk
     * @param memory bytes that reading may take, for a file of so many bytes
     */
    record Subject(String name, Path file, boolean linked, Attack attack, Reader reader, Memory memory) {}

    /** A limit. */
    interface Memory {
        long of(long bytes);
    }

    /** @param folder in which all files are that may be read, but for {@code secret} */
    Fuzz(Path folder, Path secret) {
        this.folder = folder;
        this.secret = secret;
    }

    /** @param share of the time that is to be spent */
    void run(Subject subject, double share) throws Exception {
        byte[] valid = Files.readAllBytes(subject.file);
        ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "fuzz " + subject.name);
            thread.setDaemon(true);
            return thread;
        });
        long end = System.nanoTime() + (long) (SECONDS * share * 1e9);
        int refused = 0;
        int cases = 0;
        try {
            subject.reader.read(); // as it is, it is fine
            for (; SECONDS > 0 ? System.nanoTime() < end : cases < CASES; cases++) {
                refused += one(subject, valid, cases, worker) ? 1 : 0;
            }
        } finally {
            delete(subject.file);
            Files.write(subject.file, valid);
            worker.shutdownNow();
        }
        // Lines of a log that are no metrics are passed over.
        assertTrue(refused > cases / 10 || subject.name.equals("metrics"),
                subject.name + ": refused " + refused + " of " + cases);
        if (SECONDS > 0) {
            System.out.println("fuzz: " + subject.name + ": " + cases + " cases, " + refused + " refused");
        }
    }

    /** @return whether it was refused */
    private boolean one(Subject subject, byte[] valid, int number, ExecutorService worker) throws Exception {
        Random random = new Random(SEED * 1_000_003 + number * 31L + subject.name.hashCode());
        byte[] file = valid;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            file = subject.attack.on(file, random);
        }
        put(subject, file, random);
        unread();
        long resident = status("VmRSS");
        resetPeak();
        long direct = DIRECT.getMemoryUsed();
        Future<Long> future = worker.submit(() -> {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                subject.reader.read();
            } catch (Throwable failure) {
                return -Math.max(1, checked(subject, failure, THREADS.getCurrentThreadAllocatedBytes() - before));
            }
            return THREADS.getCurrentThreadAllocatedBytes() - before;
        });
        try {
            long answer = future.get(LONGEST_SECONDS, TimeUnit.SECONDS);
            long heap = Math.abs(answer);
            // The garbage collector may free what was there before, which makes this less, never more.
            long outside = Math.max(DIRECT.getMemoryUsed() - direct, status("VmHWM") - resident - heap);
            long limit = subject.memory.of(file.length);
            assertTrue(heap <= limit && outside <= limit, "reading " + file.length + " bytes took " + heap
                    + " bytes of the heap and " + outside + " beside it; the limit is " + limit);
            assertEquals(UNREAD, lastRead(), "a file outside was read");
            return answer < 0;
        } catch (TimeoutException e) {
            throw new AssertionError(kept(subject, number) + "still running after " + LONGEST_SECONDS + " s");
        } catch (ExecutionException e) {
            throw new AssertionError(kept(subject, number) + e.getCause().getMessage(), e.getCause());
        } catch (AssertionError e) {
            throw new AssertionError(kept(subject, number) + e.getMessage(), e);
        }
    }

    /** @return the memory again, if this is how a file may be refused */
    private long checked(Subject subject, Throwable failure, long memory) {
        boolean own = failure instanceof SceneException || failure instanceof RunException
                || failure instanceof ConfigException || failure instanceof EikonalException
                || failure instanceof IOException;
        String message = String.valueOf(failure.getMessage());
        if (!own || message.length() > LONGEST_MESSAGE || !message.contains(folder.toString())
                || message.chars().anyMatch(Character::isISOControl)) {
            fail((own ? "the message should be one line and name the file: " : "") + failure, failure);
        }
        return memory;
    }

    /** Now and then something else than a file lies there. */
    private void put(Subject subject, byte[] bytes, Random random) throws IOException {
        Path file = subject.file;
        delete(file);
        switch (random.nextInt(60)) {
            case 0 -> Files.createSymbolicLink(file, subject.linked ? Path.of("nowhere") : secret);
            case 1 -> Files.createSymbolicLink(file, file.getFileName());
            case 2 -> Files.createDirectory(file);
            default -> Files.write(file, new String(bytes, StandardCharsets.ISO_8859_1).replace("%OUTSIDE%",
                    secret.getParent().toString()).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static void delete(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(file);
        }
    }

    private static String kept(Subject subject, int number) throws IOException {
        Path place = Files.createDirectories(Path.of("target", "fuzz"))
                .resolve(subject.name + "-" + SEED + "-" + number + "-" + subject.file.getFileName());
        if (Files.isRegularFile(subject.file, LinkOption.NOFOLLOW_LINKS)) {
            Files.copy(subject.file, place, StandardCopyOption.REPLACE_EXISTING);
        }
        return subject.name + ", seed " + SEED + ", case " + number + " (" + place + "): ";
    }

    /** Linux notes a read of a file that was changed after its last one, on most mounts: see {@link #notesReads}. */
    private void unread() throws IOException {
        Files.getFileAttributeView(secret, BasicFileAttributeView.class).setTimes(FileTime.fromMillis(1000), UNREAD, null);
    }

    private FileTime lastRead() throws IOException {
        return Files.readAttributes(secret, java.nio.file.attribute.BasicFileAttributes.class).lastAccessTime();
    }

    /** @return whether a look at the file outside would be seen here */
    boolean notesReads() throws IOException {
        unread();
        Files.readAllBytes(secret);
        return !lastRead().equals(UNREAD);
    }

    private static long status(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith(key + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findAny().orElse(0);
    }

    private static void resetPeak() throws IOException {
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    }
}
