package org.eikonal.studio.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import org.eikonal.Eikonal;
import org.eikonal.studio.recipe.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program {@code eikonal}: from photos to a scene to look around in. */
@Command(name = "eikonal", versionProvider = Main.Version.class, synopsisSubcommandLabel = "COMMAND",
        description = {"Turns photos into a radiance field, and the field into pictures.", ""},
        commandListHeading = "%nCommands:%n",
        footer = {"",
            "Start with:",
            "  eikonal demo                          a scene of its own, trained in a minute",
            "  eikonal scene photos                  your photos: what is there, and a drawing of it",
            "  eikonal train photos --seconds 180    a field of them",
            "  eikonal view photos                   the same in a browser, while it trains",
            "  eikonal eval runs/photos/instant-ngp  how good it is",
            "  eikonal COMMAND --help                more on each command",
            "",
            "Exit codes: 0 done; 1 failed, with one line that says why; 2 wrong usage; 130 interrupted."})
public final class Main {
    /** Done. */
    public static final int OK = 0;
    /** Failed; one line on standard error says why. */
    public static final int FAILED = 1;
    /** The command line can't be meant. */
    public static final int USAGE = 2;
    /** Stopped by Ctrl-C; what was begun is saved. */
    public static final int INTERRUPTED = 130;

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Show this help.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version.")
    private boolean version;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show where in the program a failure comes from.")
    private boolean verbose;

    private Main() {}

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"eikonal " + Eikonal.version()};
        }
    }

    /** Runs the program and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    /**
     * Runs the program.
     *
     * @param out for results
     * @param err for progress and failures
     * @return the exit code
     */
    public static int run(PrintStream out, PrintStream err, String... args) {
        Console console = new Console(out, err);
        Main main = new Main();
        CommandLine program = new CommandLine(main)
                .addSubcommand(new DemoCommand(console))
                .addSubcommand(new SceneCommand(console))
                .addSubcommand(new TrainCommand(console))
                .addSubcommand(new ViewCommand(console))
                .addSubcommand(new EvalCommand(console))
                .addSubcommand(new CompareCommand(console))
                .addSubcommand(new RenderCommand(console))
                .addSubcommand(new ExportCommand(console))
                .addSubcommand(new InfoCommand(console))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setAbbreviatedOptionsAllowed(false)
                .setExecutionExceptionHandler((e, command, parsed) -> fail(err, main.verbose, e))
                .setParameterExceptionHandler((e, arguments) -> {
                    err.println("eikonal: " + Failures.usage(e) + "; see '"
                            + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'");
                    return USAGE;
                });
        try {
            if (args.length == 0) {
                program.usage(out, Ansi.AUTO);
                return USAGE;
            }
            int code = program.execute(args);
            if (out.checkError() && code == OK) {
                err.println("eikonal: standard output: can't be written; is the disk full, or its reader gone?");
                return FAILED;
            }
            return code;
        } catch (Error e) {
            return fail(err, main.verbose, e);
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static int fail(PrintStream err, boolean verbose, Throwable failure) {
        err.println("eikonal: " + Failures.message(failure));
        if (verbose) {
            failure.printStackTrace(err);
        }
        return failure instanceof ConfigException ? USAGE : FAILED;
    }
}
