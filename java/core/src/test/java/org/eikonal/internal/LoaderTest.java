package org.eikonal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.lz4.global.lz4;
import org.eikonal.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native library loads wherever application servers and Spark put its classes and JavaCPP's. */
class LoaderTest {
    private static final URL EIKONAL = place(Device.class);
    private static final URL PROBE = place(Probe.class);
    private static final URL JAVACPP = place(Pointer.class);
    private static final URL LZ4 = place(lz4.class);
    private static final URL JAVACPP_NATIVES = jar(Pointer.class, "linux-x86_64/libjnijavacpp.so");
    private static final URL LZ4_NATIVES = jar(lz4.class, "/org/bytedeco/lz4/linux-x86_64/libjnilz4.so");
    private static final ClassLoader JDK = ClassLoader.getPlatformClassLoader();

    @Test
    void onOneClassPathBesideAnotherJavaCppLibrary() {
        assertEquals(Probe.FINE, new Probe().get());
        assertTrue(lz4.LZ4_versionNumber() > 0);
        assertEquals(Probe.FINE, new Probe().get());
    }

    @Test
    void onOneClassPathAfterAnotherJavaCppLibrary() throws Exception {
        try (URLClassLoader all = loader(JDK, JAVACPP, JAVACPP_NATIVES, LZ4, LZ4_NATIVES, EIKONAL, PROBE)) {
            assertTrue(lz4Version(all) > 0);
            assertEquals(Probe.FINE, probe(all).get());
        }
    }

    @Test
    void withoutJavaCppsOwnNatives() throws Exception {
        try (URLClassLoader all = loader(JDK, JAVACPP, EIKONAL, PROBE)) {
            assertEquals(Probe.FINE, probe(all).get());
        }
    }

    @Test
    void withJavaCppInTheParent() throws Exception {
        try (URLClassLoader parent = loader(JDK, JAVACPP);
                URLClassLoader child = loader(parent, EIKONAL, PROBE)) {
            assertEquals(Probe.FINE, probe(child).get());
        }
    }

    @Test
    void withAnotherJavaCppLibraryInTheParent() throws Exception {
        try (URLClassLoader parent = loader(JDK, JAVACPP, JAVACPP_NATIVES, LZ4, LZ4_NATIVES);
                URLClassLoader child = loader(parent, EIKONAL, PROBE)) {
            assertEquals(Probe.FINE, probe(child).get());
            assertTrue(lz4Version(parent) > 0);
            assertEquals(Probe.FINE, probe(child).get());
        }
    }

    @Test
    void inSiblingsThatShareJavaCpp() throws Exception {
        try (URLClassLoader parent = loader(JDK, JAVACPP);
                URLClassLoader one = loader(parent, EIKONAL, PROBE);
                URLClassLoader two = loader(parent, EIKONAL, PROBE)) {
            bothAtOnce(one, two);
        }
    }

    @Test
    void inSiblingsWithAJavaCppEach() throws Exception {
        try (URLClassLoader one = loader(JDK, JAVACPP, JAVACPP_NATIVES, EIKONAL, PROBE);
                URLClassLoader two = loader(JDK, JAVACPP, JAVACPP_NATIVES, EIKONAL, PROBE)) {
            bothAtOnce(one, two);
        }
    }

    @Test
    void aNamedFileIsLoadedInPlaceOfTheBundledOne(@TempDir Path folder) throws Exception {
        Path library = folder.resolve("mine.so");
        try (InputStream bundled = Loader.class.getResourceAsStream("linux-x86_64/libjnieikonal.so")) {
            Files.copy(bundled, library);
        }
        assertEquals(Probe.FINE, with(Loader.LIBRARY, library.toString(), JAVACPP, EIKONAL, PROBE));
        RuntimeException e = assertThrows(RuntimeException.class,
                () -> with(Loader.LIBRARY, folder.resolve("none.so").toString(), JAVACPP, EIKONAL, PROBE));
        assertEquals("org.eikonal.DeviceUnavailableException", e.getClass().getName());
        assertTrue(e.getMessage().contains("none.so") && e.getMessage().contains(Loader.LIBRARY), e.getMessage());
        assertNotNull(e.getCause());
    }

    /** The real one: where there is no GPU, it says so by the step that failed and by what CUDA said. */
    @Test
    void theCudaBackendIsFoundOnTheClassPath() throws Exception {
        Path classes = Path.of(System.getProperty("native.build")).resolveSibling("cuda-classes");
        assumeTrue(Files.isDirectory(classes.resolve("org")), "skipped, missing: nvcc");
        try (URLClassLoader all = loader(JDK, JAVACPP, EIKONAL, classes.toUri().toURL())) {
            String system = (String) all.loadClass("org.eikonal.Eikonal").getMethod("system").invoke(null);
            String cuda = system.substring(system.indexOf("{\"type\": \"cuda\""));
            assertTrue(cuda.contains("\"available\": true") || cuda.contains("(cudaGetDeviceCount): "), cuda);
        }
    }

    @Test
    void nothingIsLeftInTheFolderOfExtraction(@TempDir Path folder) throws Exception {
        assertEquals(Probe.FINE, with(Loader.FOLDER, folder.toString(), JAVACPP, EIKONAL, PROBE));
        assertEquals(0, folder.toFile().list().length);
        RuntimeException e = assertThrows(RuntimeException.class,
                () -> with(Loader.FOLDER, folder.resolve("none").toString(), JAVACPP, EIKONAL, PROBE));
        assertTrue(e.getMessage().contains("none") && e.getMessage().contains(Loader.FOLDER), e.getMessage());
        assertNotNull(e.getCause());
    }

    @Test
    void anUnsupportedPlatformGetsOneSentence() {
        RuntimeException e = assertThrows(RuntimeException.class,
                () -> with("os.arch", "riscv64", JAVACPP, EIKONAL, PROBE));
        assertEquals("Eikonal has a native library for linux-x86_64, but none for Linux on riscv64", e.getMessage());
    }

    private static void bothAtOnce(ClassLoader one, ClassLoader two) throws Exception {
        List<Supplier<String>> probes = List.of(probe(one), probe(two));
        assertNotSame(probes.get(0).getClass(), probes.get(1).getClass());
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(CompletableFuture.supplyAsync(probes.get(i % 2)));
        }
        for (CompletableFuture<String> answer : answers) {
            assertEquals(Probe.FINE, answer.get());
        }
    }

    /** The answer of a probe in a class loader of its own, while a system property has a value. */
    private static String with(String property, String value, URL... places) throws Exception {
        String before = System.getProperty(property);
        System.setProperty(property, value);
        try (URLClassLoader all = loader(JDK, places)) {
            return probe(all).get();
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }

    private static URLClassLoader loader(ClassLoader parent, URL... places) {
        return new URLClassLoader(places, parent);
    }

    @SuppressWarnings("unchecked")
    private static Supplier<String> probe(ClassLoader loader) throws Exception {
        return (Supplier<String>) loader.loadClass(Probe.class.getName()).getConstructor().newInstance();
    }

    private static int lz4Version(ClassLoader loader) throws Exception {
        return (int) loader.loadClass(lz4.class.getName()).getMethod("LZ4_versionNumber").invoke(null);
    }

    private static URL place(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    private static URL jar(Class<?> type, String resource) {
        try {
            return ((JarURLConnection) type.getResource(resource).openConnection()).getJarFileURL();
        } catch (Exception e) {
            throw new IllegalStateException(resource, e);
        }
    }
}
