package org.eikonal.studio.view.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eikonal.studio.cli.Main;
import org.eikonal.studio.demo.DemoScene;

/** A scene and a run so small that they take a few seconds. */
final class SmallRun {
    /** Settings that make a field so small that steps take a millisecond or two. */
    static final List<String> SMALL = List.of("--set", "encoding.n_levels=6", "--set", "encoding.log2_hashmap_size=12",
            "--set", "samples_per_step=4096", "--set", "occupancy.resolution=32");

    private SmallRun() {}

    static Path scene(Path folder) throws IOException {
        DemoScene.write(folder.resolve("scene"), 24, 2, 40);
        return folder.resolve("scene");
    }

    static Path train(Path folder) throws IOException {
        Path run = folder.resolve("run");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        List<String> arguments = new ArrayList<>(List.of("train", scene(folder).toString(), "--run", run.toString(),
                "--steps", "1500", "--device", "cpu"));
        arguments.addAll(SMALL);
        int code = Main.run(stream, stream, arguments.toArray(String[]::new));
        assertEquals(0, code, said.toString(StandardCharsets.UTF_8));
        return run;
    }
}
