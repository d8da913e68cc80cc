package org.eikonal.replay;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.eikonal.Eikonal;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs the conformance suite on the recording library (cpp/replay/recorder.cpp): a recording for each test class. A
 * program of its own, because a JVM has one native library; it wants the system property {@code eikonal.library}.
 */
final class Recorder implements TestExecutionListener {
    private final Path folder;

    private Recorder(Path folder) {
        this.folder = folder;
    }

    /** Argument: the folder for the recordings. */
    public static void main(String[] arguments) {
        Eikonal.system();
        LauncherDiscoveryRequest suite = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectPackage("org.eikonal.conformance"),
                        DiscoverySelectors.selectClass("org.eikonal.LifetimeTest")).build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(suite, new Recorder(Path.of(arguments[0])), summary);
        summary.getSummary().printFailuresTo(new PrintWriter(System.out, true));
        // A test that measures time may fail here, where much is written; whether tests hold is not asked here.
        long tests = summary.getSummary().getTestsSucceededCount();
        System.out.println(tests + " tests recorded");
        System.exit(tests > 0 ? 0 : 1);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (isClass(test)) {
            to(folder.resolve(test.getDisplayName() + ".calls").toString());
        } else if (test.isTest()) {
            String method = test.getSource().map(MethodSource.class::cast).map(MethodSource::getMethodName).orElse("");
            test(method + " " + test.getDisplayName());
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (isClass(test)) {
            to(null);
        }
    }

    private static boolean isClass(TestIdentifier test) {
        return test.getSource().orElse(null) instanceof ClassSource;
    }

    private static void to(String file) {
        if (!record(file)) {
            throw new IllegalStateException("cannot write recordings to " + file);
        }
    }

    /** What the library is called from now on goes to a file; null: nowhere. False if a file could not be written. */
    private static native boolean record(String file);

    /** What the library is called from now on is a test's. */
    private static native void test(String name);
}
