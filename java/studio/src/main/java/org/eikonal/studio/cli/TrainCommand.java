package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.recipe.Recipe;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.view.ViewAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code eikonal train}: photos in, a run folder out. */
@Command(name = "train", sortOptions = false,
        description = {"Trains a field on a scene's photos.", "",
            "A scene is a folder with photos and their poses: transforms.json (instant-ngp, nerfstudio),"
                    + " transforms_train.json and its like (Blender synthetic), sparse/0 and images (COLMAP) or"
                    + " poses_bounds.npy (LLFF). Where nothing says what is held out, every 8th photo is; held-out"
                    + " photos never train. 'eikonal scene' describes a scene and draws it.", "",
            "Photos alone will do, and so will a film (mp4, mov, mkv, webm, avi), of which the sharpest frames are"
                    + " taken: COLMAP, where it is installed, then finds out where they were taken. That is done once,"
                    + " and kept beside the photos.", "",
            "Pixels that a mask hides never train either: mask_path of a frame or masks/NAME.png of a COLMAP photo,"
                    + " where black hides, or dynamic_mask_NAME.png beside a photo, where the rest does.", ""},
        footer = {"",
            "The run folder holds all that was resolved in config.json, a line a second in metrics.jsonl, and the last"
                    + " state in checkpoint.eik. Ctrl-C saves and ends; --resume goes on, as it does after a crash.",
            "",
            "Examples:",
            "  eikonal train photos --seconds 180",
            "  eikonal train walk.mp4 --seconds 300",
            "  eikonal train photos --steps 20000 --seed 1 --run runs/second",
            "  eikonal train photos --set encoding.log2_hashmap_size=20 --set precision=fp32",
            "  eikonal train photos --set resident_photos=500   (so many in memory at a time; 0: all)",
            "  eikonal train photos --device cuda:1",
            "  eikonal train photos --view",
            "  eikonal train photos --resume --seconds 600",
            "  eikonal train photos --tensorboard     and beside it: tensorboard --logdir runs"})
final class TrainCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "SCENE", description = "Folder of the scene, or a film.")
    private Path scene;

    @Option(names = "--run", paramLabel = "DIR",
            description = "Folder of the run (default: runs/<scene>/<recipe>).")
    private Path run;

    @Option(names = "--recipe", paramLabel = "NAME", completionCandidates = RecipeNames.class,
            description = "How to make the field: ${COMPLETION-CANDIDATES} (default: instant-ngp).")
    private String recipe;

    @Option(names = "--seconds", paramLabel = "N",
            description = "Train for this wall time in all, counted from the first step (default: 180).")
    private Double seconds;

    @Option(names = "--steps", paramLabel = "N",
            description = "Train for this number of steps in all instead; then the same command gives the same bits, on"
                    + " a GPU with --set deterministic=true.")
    private Long steps;

    @Option(names = "--device", paramLabel = "NAME", 
            description = "auto, cpu, cuda, or cuda:N for the GPU of index N (default: auto, which takes a GPU if there"
                    + " is one).")
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = "CPU threads, 0 for all (default: 0).")
    private Integer threads;

    @Option(names = "--seed", paramLabel = "N", description = "Where random numbers start (default: 0).")
    private Long seed;

    @Option(names = "--set", paramLabel = "KEY=VALUE",
            description = "Set one of the recipe's settings, as config.json has them; may be repeated"
                    + " (default: none). A wrong key lists the right ones.")
    private List<String> settings = List.of();

    @Option(names = "--resume",
            description = "Go on from the run's last checkpoint, or start if there is none (default: an existing run"
                    + " is refused).")
    private boolean resume;

    @Option(names = "--view", description = "Show the field as it trains in a browser, and go on showing it until"
            + " Ctrl-C; eikonal view --help has more.")
    private boolean view;
    @Option(names = "--tensorboard",
            description = "Also write event files of TensorBoard into the run's folder: what metrics.jsonl has and, at"
                    + " the end, PSNR and up to three pictures of held-out photos (default: none).")
    private boolean tensorboard;

    TrainCommand(Console console) {
        this.console = console;
    }

    static final class RecipeNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            try {
                return Recipes.all().stream().map(Recipe::name).iterator();
            } catch (ConfigException e) {
                return List.of("none, for " + e.getMessage()).iterator(); // help comes all the same
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        Recipe method = recipe == null ? null : Recipes.named(recipe);
        RunOptions options = new RunOptions(device, threads, seed, steps, seconds, settings);
        Optional<Scene> opened = SceneOpening.open(console, scene);
        if (opened.isEmpty()) {
            return Main.INTERRUPTED;
        }
        Scene photos = opened.get();
        RunFolder folder = TrainingSession.folder(run, photos, method);
        TrainingSession session = new TrainingSession(console, photos, folder, "the same command with --resume");
        if (view) {
            return new ViewSession(console, session, new ViewAddress(null, null), true)
                    .train(method, options, resume, tensorboard);
        }
        if (!session.train(session.plan(method, options, resume), tensorboard)) {
            return Main.INTERRUPTED;
        }
        console.result("The run is in %s. Next:", folder.path());
        console.result("  eikonal eval %s", folder.path());
        console.result("  eikonal render %s --orbit 60 --out %s", folder.path(), folder.pictures().resolve("orbit"));
        return Main.OK;
    }
}
