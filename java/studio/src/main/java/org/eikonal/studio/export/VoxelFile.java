package org.eikonal.studio.export;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.DoubleConsumer;
import org.eikonal.studio.run.AtomicFiles;

/**
 * NumPy's format 1.0: float32 {@code [z][y][x]}, in C order, little-endian. Beside it a JSON file tells where the
 * middle of a voxel is: {@code origin + spacing * (x, y, z)}, in world units.
 */
final class VoxelFile {
    private VoxelFile() {}

    /** What fills a plane of voxels. */
    interface Planes {
        float[] plane(int z);
    }

    /** @param progress is told the part that is done, 0 to 1 */
    static void write(VoxelGrid grid, Planes planes, Path file, Path description, DoubleConsumer progress)
            throws IOException {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + grid.nz() + ", " + grid.ny() + ", "
                + grid.nx() + "), }";
        // The numbers start at a multiple of 64, behind 10 bytes and a header that ends its line.
        int length = (10 + header.length() + 1 + 63) / 64 * 64 - 10;
        AtomicFiles.replace(file, channel -> {
            LittleEndian out = new LittleEndian(channel);
            out.putByte(0x93);
            out.putText("NUMPY");
            out.putByte(1);
            out.putByte(0);
            out.putShort(length);
            out.putText(header + " ".repeat(length - 1 - header.length()) + "\n");
            for (int z = 0; z < grid.nz(); z++) {
                for (float value : planes.plane(z)) {
                    out.putFloat(value);
                }
                progress.accept((z + 1.0) / grid.nz());
            }
            out.flush();
        });
        ObjectNode root = new JsonMapper().createObjectNode();
        root.put("quantity", "volume density: light lost per world unit");
        root.put("layout", "float32 [z][y][x]; the middle of a voxel is origin + spacing * (x, y, z), in world units");
        root.putArray("shape").add(grid.nz()).add(grid.ny()).add(grid.nx());
        root.putArray("origin").add(grid.x()).add(grid.y()).add(grid.z());
        root.put("spacing", grid.spacing());
        AtomicFiles.replace(description, (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
