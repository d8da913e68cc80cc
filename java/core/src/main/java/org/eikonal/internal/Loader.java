package org.eikonal.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.eikonal.DeviceUnavailableException;

/**
 * Loads the native library, once for each class loader that has this class.
 *
 * <p>The generated {@link Bindings} call {@code Loader.load()} and mean JavaCPP's; this class of the same name in their
 * own package comes first. JavaCPP's loader binds a library to the class loader of JavaCPP, so that our natives would
 * not be found where JavaCPP sits in a parent loader; and it keeps one file a library, which only one class loader of a
 * JVM may load. Here the library belongs to our own class loader, and every load has a file of its own.
 *
 * <p>The library needs none of JavaCPP's own native code; it neither needs nor disturbs {@code libjnijavacpp}.
 */
public final class Loader {
    /** System property: a library file to load instead of the one in the jar. */
    public static final String LIBRARY = "eikonal.library";

    /** System property: a file libeikonal_cuda.so to use instead of the one in the jar. */
    public static final String CUDA_LIBRARY = "eikonal.cuda.library";

    /** System property: the folder through which the library in the jar is loaded; java.io.tmpdir by default. */
    public static final String FOLDER = "eikonal.folder";

    private static final String PLATFORM = "linux-x86_64";
    private static final String FILE = "libjnieikonal.so";
    private static final String CUDA_FILE = "libeikonal_cuda.so";

    private static boolean loaded;
    private static boolean cudaLoaded;

    private Loader() {}

    /**
     * Loads the library if it is not loaded yet.
     *
     * @throws DeviceUnavailableException saying what is missing and how to help; the next call tries again
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        String os = System.getProperty("os.name");
        String arch = System.getProperty("os.arch");
        if (!os.equals("Linux") || !(arch.equals("amd64") || arch.equals("x86_64"))) {
            throw new DeviceUnavailableException(
                    "Eikonal has a native library for " + PLATFORM + ", but none for " + os + " on " + arch);
        }
        String library = System.getProperty(LIBRARY);
        if (library != null) {
            load(Path.of(library).toAbsolutePath(), "correct the system property " + LIBRARY);
        } else if (!loadCopy(FILE)) {
            throw new DeviceUnavailableException("the native library " + FILE + " is missing from the class path"
                    + " beside " + Loader.class.getName() + "; use the complete jar, or name a file with the"
                    + " system property " + LIBRARY);
        }
        loaded = true;
    }

    /**
     * Loads the CUDA backend if the class path has one, so that the native core finds it by its name. Where there is
     * none, the core says so when it is asked for a CUDA device.
     */
    public static synchronized void loadCuda() {
        if (cudaLoaded) {
            return;
        }
        String library = System.getProperty(CUDA_LIBRARY);
        if (library != null) {
            load(Path.of(library).toAbsolutePath(), "correct the system property " + CUDA_LIBRARY);
        } else {
            loadCopy(CUDA_FILE);
        }
        cudaLoaded = true;
    }

    /** Copies a library out of the jar, loads it, and removes the copy: what is mapped stays. False: there is none. */
    private static boolean loadCopy(String file) {
        Path folder = Path.of(System.getProperty(FOLDER, System.getProperty("java.io.tmpdir")));
        Path copy;
        try (InputStream library = Loader.class.getResourceAsStream(PLATFORM + "/" + file)) {
            if (library == null) {
                return false;
            }
            copy = Files.createTempFile(folder, "eikonal", ".so");
            try {
                Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
                load(copy, "set the system property " + FOLDER + " to a folder from which programs may be run");
            } finally {
                Files.deleteIfExists(copy);
            }
            return true;
        } catch (IOException e) {
            throw new DeviceUnavailableException("cannot write the native library to " + folder + " (" + e
                    + "); set the system property " + FOLDER + " to a folder with room", e);
        }
    }

    private static void load(Path file, String remedy) {
        try {
            System.load(file.toString());
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceUnavailableException("cannot load the native library " + file + ": " + e.getMessage()
                    + "; it needs Linux with glibc 2.34 or newer; if that is there, " + remedy, e);
        } catch (RuntimeException e) {
            // IllegalCallerException, where the JVM was told to deny native access to those it was not granted.
            throw new DeviceUnavailableException("the JVM refuses to load the native library " + file + " ("
                    + e.getMessage() + "); start it with --enable-native-access=ALL-UNNAMED", e);
        }
    }
}
