package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleConsumer;
import org.eikonal.studio.export.Box;
import org.eikonal.studio.export.Export;
import org.eikonal.studio.export.Export.Kind;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code eikonal export}: a run for other programs. */
@Command(name = "export", sortOptions = false,
        description = {"Writes a run in a format of other programs, in the data set's own units and axes.", "",
            "  mesh     .ply, .obj, .glb: the surface as triangles, with normals and colours",
            "  points   .ply: points on the surfaces that the photos show, with normals and colours",
            "  cameras  .json: the scene's cameras with the keys of transforms.json",
            "  voxels   .npy: densities as float32 [z][y][x], and beside it a .json that says where they are",
            "  field    .safetensors: the field itself, and beside it a .json that says what it is", ""},
        footer = {"",
            "Examples:",
            "  eikonal export runs/photos/instant-ngp mesh --out photos.glb",
            "  eikonal export runs/photos/instant-ngp mesh --out part.ply --crop -1,-1,0,1,1,0.5 --resolution 512",
            "  eikonal export runs/photos/instant-ngp mesh --out photos.glb --texture 2048",
            "  eikonal export runs/photos/instant-ngp points --out photos.ply --count 200000",
            "  eikonal export runs/photos/instant-ngp field --out photos.safetensors"})
final class ExportCommand implements Callable<Integer> {
    private static final int USUAL_RESOLUTION = 256;
    private static final int USUAL_COUNT = 1_000_000;
    private static final int PERCENT = 100;

    private final Console console;

    @Parameters(index = "0", paramLabel = "RUN", description = "Folder of the run.")
    private Path run;

    @Parameters(index = "1", paramLabel = "WHAT", description = "mesh, points, cameras, voxels or field.")
    private String what;

    @Option(names = "--out", required = true, paramLabel = "FILE",
            description = "Where it goes; the suffix says the format. A file of that name is replaced.")
    private Path out;

    @Option(names = "--resolution", paramLabel = "N",
            description = "Of a mesh or voxels: voxels along the longest edge, 2 to 2048 (default: 256).")
    private Integer resolution;

    @Option(names = "--crop", paramLabel = "BOX",
            description = "Of a mesh or voxels: the part x0,y0,z0,x1,y1,z1 in the data set's units (default: all that"
                    + " is modelled).")
    private String crop;

    @Option(names = "--level", paramLabel = "X",
            description = "Of a mesh: the density of its surface, which is the light lost per world unit (default:"
                    + " auto, a density that nine of ten surfaces in the photos exceed).")
    private String level;

    @Option(names = "--texture", paramLabel = "SIZE", arity = "0..1", fallbackValue = "4096",
            description = "Of a mesh in .glb or .obj: a picture with its colours, SIZE texels a side, a power of two from"
                    + " 64 to 8192 (without SIZE: 4096); of .obj, it goes to a .png, and a .mtl names it. Finer than"
                    + " colours of vertices, which is the default.")
    private Integer texture;

    @Option(names = "--count", paramLabel = "N",
            description = "Of points: how many, up to 20 million (default: 1000000).")
    private Integer count;

    @Option(names = "--device", paramLabel = "NAME",
            description = "Where to compute: auto, cpu, cuda or cuda:N (default: the run's device).")
    private String device;

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Kind kind = Kind.named(what);
        boolean grid = kind == Kind.MESH || kind == Kind.VOXELS;
        fits("--resolution", resolution, grid, "a mesh or voxels");
        fits("--crop", crop, grid, "a mesh or voxels");
        fits("--level", level, kind == Kind.MESH, "a mesh");
        fits("--texture", texture, kind == Kind.MESH, "a mesh");
        fits("--count", count, kind == Kind.POINTS, "points");
        kind.requireSuffix(out);
        Box part = crop == null ? null : Box.parse(crop);
        try (TrainedField field = TrainedField.open(new RunFolder(run), device);
                Interruption interruption = new Interruption()) {
            console.note("device: %s", DeviceText.of(field.device()));
            try {
                console.result("%s: %s", out, export(kind, field, part, interruption));
                return Main.OK;
            } catch (CancellationException e) {
                console.note("stopped; nothing was written");
                return Main.INTERRUPTED;
            }
        }
    }

    private static void fits(String option, Object value, boolean fitting, String what) {
        if (value != null && !fitting) {
            throw new ConfigException(option + " belongs to " + what + " alone; drop it");
        }
    }

    private String export(Kind kind, TrainedField field, Box part, Interruption interruption) throws IOException {
        try (Progress bar = new Progress(console, "exporting", PERCENT, 0, "%")) {
            DoubleConsumer progress = done -> {
                if (interruption.isRequested()) {
                    throw new CancellationException();
                }
                bar.update(done, Math.round(PERCENT * done), kind.key());
            };
            int voxels = resolution == null ? USUAL_RESOLUTION : resolution;
            return switch (kind) {
                case MESH -> Export.mesh(field, out, part, voxels, density(), texture, progress);
                case POINTS -> Export.points(field, out, count == null ? USUAL_COUNT : count, progress);
                case CAMERAS -> Export.cameras(field, out);
                case VOXELS -> Export.voxels(field, out, part, voxels, progress);
                case FIELD -> Export.field(field, out);
            };
        }
    }

    private Double density() {
        try {
            return level == null || level.equals("auto") ? null : Double.valueOf(level);
        } catch (NumberFormatException e) {
            throw new ConfigException("--level is " + level + "; write auto, or a density above 0: the light that is"
                    + " lost per world unit");
        }
    }
}
