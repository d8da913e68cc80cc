package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.view.ViewAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code eikonal view}: a page to look around in a field, while it trains or afterwards. */
@Command(name = "view", sortOptions = false,
        description = {"Shows a field in a browser: a scene's while it trains, or a run's.", "",
            "Of a scene, its usual run (runs/<scene>/instant-ngp) is trained, from its last checkpoint if there is one;"
                    + " eikonal train --view has more options. Time for pictures does not count as training. The page"
                    + " stays until Ctrl-C, which saves.", "",
            "The page is for this machine alone unless --host is given. Then everybody who has the link, whose token is"
                    + " new each time, can look and control the training; nothing is encrypted.", ""},
        footer = {"",
            "Examples:",
            "  eikonal view photos",
            "  eikonal view runs/photos/instant-ngp",
            "  eikonal view photos --host 0.0.0.0 --port 8080"})
final class ViewCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "SCENE|RUN", description = "Folder of a scene or of a run.")
    private Path path;

    @Option(names = "--port", paramLabel = "N", description = "Where to listen (default: 7007, or the next free one).")
    private Integer port;

    @Option(names = "--host", paramLabel = "NAME",
            description = "Name or address to listen at, such as 0.0.0.0 for all (default: this machine alone).")
    private String host;

    @Option(names = "--no-browser", description = "Don't open a browser (default: one is opened where there is one).")
    private boolean noBrowser;

    @Option(names = "--device", paramLabel = "NAME",
            description = "Where to compute: auto, cpu, cuda or cuda:N (default: the run's device, or auto).")
    private String device;

    ViewCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (port != null && (port < 1 || port > 65535)) {
            throw new ConfigException("--port is " + port + "; it must be 1 to 65535");
        }
        RunOptions options = new RunOptions(device, null, null, null, null, List.of());
        RunFolder run = new RunFolder(path);
        boolean isRun = run.exists();
        Optional<Scene> opened = isRun ? Optional.of(Scenes.open(run.config().scene()))
                : SceneOpening.open(console, path);
        if (opened.isEmpty()) {
            return Main.INTERRUPTED;
        }
        Scene scene = opened.get();
        RunFolder folder = isRun ? run : TrainingSession.folder(null, scene, null);
        ViewSession session = new ViewSession(console, new TrainingSession(console, scene, folder, "the same command"),
                new ViewAddress(host, port), !noBrowser);
        return isRun ? session.look(options) : session.train(null, options, true, false);
    }
}
