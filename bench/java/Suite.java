import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs the conformance suite without Maven, and counts what ran on which device. */
final class Suite implements TestExecutionListener {
    private static final String PACKAGE = "org.eikonal.conformance";

    /** Passed and failed, by device: a test has the name of the device that it got. */
    private final Map<String, int[]> devices = new TreeMap<>();
    private final Path report;
    private final String wanted;

    private Suite(Path report, String wanted) {
        this.report = report;
        this.wanted = wanted;
    }

    /**
     * Arguments: the file for the counts (JSON), how the names of devices begin on which at least one test must run, and
     * the simple names of test classes; none: all.
     */
    public static void main(String[] arguments) throws IOException {
        Suite suite = new Suite(Path.of(arguments[0]), arguments[1]);
        System.exit(suite.run(List.of(arguments).subList(2, arguments.length)) ? 0 : 1);
    }

    private boolean run(List<String> classes) throws IOException {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectPackage(PACKAGE))
                .filters(ClassNameFilter.includeClassNamePatterns(
                        classes.isEmpty() ? ".*" : ".*\\.(" + String.join("|", classes) + ")")).build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, this, summary);
        summary.getSummary().printFailuresTo(new PrintWriter(System.out, true), 20);
        long passed = summary.getSummary().getTestsSucceededCount();
        // A container fails where its devices cannot be opened: its tests never begin.
        long failed = summary.getSummary().getTotalFailureCount();
        int onWanted = devices.entrySet().stream().filter(device -> device.getKey().startsWith(wanted))
                .mapToInt(device -> device.getValue()[0] + device.getValue()[1]).sum();
        StringBuilder json = new StringBuilder("{\"passed\": " + passed + ", \"failed\": " + failed + ", \"devices\": {");
        String separator = "";
        for (Map.Entry<String, int[]> device : devices.entrySet()) {
            json.append(separator).append('"').append(device.getKey()).append("\": {\"passed\": ")
                    .append(device.getValue()[0]).append(", \"failed\": ").append(device.getValue()[1]).append('}');
            separator = ", ";
        }
        Files.writeString(report, json.append("}}\n"));
        devices.forEach((name, counts) -> System.out.println(name + ": " + counts[0] + " passed, " + counts[1] + " failed"));
        if (onWanted == 0) {
            System.out.println("no test ran on a device " + wanted + "; " + passed + " passed, " + failed + " failed");
            return false;
        }
        System.out.println(passed + " tests passed, " + failed + " failed; " + onWanted + " of them on " + wanted);
        return failed == 0;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        String name = test.getDisplayName();
        if (test.isTest() && (name.startsWith("cpu ") || name.startsWith("cuda"))) {
            ++devices.computeIfAbsent(name.replaceAll("[\"\\\\]", ""), device -> new int[2])
                    [result.getStatus() == Status.SUCCESSFUL ? 0 : 1];
        }
    }
}
