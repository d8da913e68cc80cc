package org.eikonal.studio.export;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.eikonal.Camera;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.run.TrainedField;

/**
 * The surface of a field: where its density has one value. Between the middles of voxels the logarithm of the density
 * is taken to be linear, since that is what fields are nearly linear in. The surface is closed; at the box's sides it
 * is cut off flat.
 *
 * @param mesh in world units
 * @param level the density of the surface: light lost per world unit
 * @param specks how many parts were left out, each smaller than 1 % of the largest one
 */
record MeshExtraction(Mesh mesh, double level, int specks) {
    /** Of the densities that the photos' rays end at, this part lies below the level. */
    private static final double QUANTILE = 0.1;

    private static final double SPECK = 0.01;
    /** Points of one call. */
    private static final int BATCH = 1 << 17;
    private static final double SAMPLING = 0.6; // of the whole time, roughly

    /**
     * Makes the surface.
     *
     * @param level light lost per world unit, above 0
     * @param progress is told the part that is done, 0 to 1
     * @throws RunException if there is no surface in the grid
     */
    static MeshExtraction of(TrainedField field, VoxelGrid grid, double level, DoubleConsumer progress) {
        MarchingCubes cubes = new MarchingCubes(grid.nx(), grid.ny(), (float) Math.log(level));
        float densest = 0;
        for (int z = 0; z < grid.nz(); z++) {
            float[] plane = plane(field, grid, z);
            for (int i = 0; i < plane.length; i++) {
                densest = plane[i] > densest ? plane[i] : densest;
                plane[i] = (float) Math.log(plane[i]);
            }
            cubes.add(plane);
            progress.accept(SAMPLING * (z + 1) / grid.nz());
        }
        cubes.finish();
        if (cubes.triangles().length == 0) {
            throw new RunException(densest == 0
                    ? "there is no surface: everything here is empty; take another part by --crop, or train longer"
                    : "there is no surface: the densest point here has " + densest + ", the level is " + (float) level
                            + "; lower it by --level, take another part by --crop, or train longer");
        }
        float[] positions = cubes.positions();
        double[] origin = {grid.x(), grid.y(), grid.z()};
        for (int i = 0; i < positions.length; i++) {
            positions[i] = (float) (origin[i % 3] + grid.spacing() * positions[i]);
        }
        Surface.Parts parts = new Surface(positions, cubes.triangles()).withoutSpecks(SPECK);
        Surface surface = parts.surface();
        float[] normals = surface.normals();
        byte[] colors = new byte[normals.length];
        SurfaceColors paint = new SurfaceColors(field, grid.spacing());
        for (int from = 0; from < normals.length; from += 3 * BATCH) {
            int to = Math.min(normals.length, from + 3 * BATCH);
            byte[] part = Vertices.stored(paint.of(Arrays.copyOfRange(surface.positions(), from, to),
                    Arrays.copyOfRange(normals, from, to)));
            System.arraycopy(part, 0, colors, from, part.length);
            progress.accept(SAMPLING + (1 - SAMPLING) * to / normals.length);
        }
        return new MeshExtraction(new Mesh(new Vertices(surface.positions(), normals, colors), surface.triangles()),
                level, parts.dropped());
    }

    /** Densities at the middles of a plane of voxels, {@code [y][x]}. */
    static float[] plane(TrainedField field, VoxelGrid grid, int z) {
        float[] plane = new float[grid.nx() * grid.ny()];
        for (int first = 0; first < plane.length; first += BATCH) {
            int count = Math.min(BATCH, plane.length - first);
            System.arraycopy(field.density(grid.middles(z, first, count)), 0, plane, first, count);
        }
        return plane;
    }

    /**
     * The density of what the photos show as surfaces: their rays end, in the mean, where the density is at least that,
     * nine of ten of them. It does not depend on the resolution. Glass and mirrors are thin in a field; a level that
     * half of the rays exceed would leave them out, and a much lower one takes mist for a surface.
     *
     * @param cameras of the training photos
     * @throws RunException if they see nothing solid
     */
    static double level(TrainedField field, List<Camera> cameras) {
        float[] densities = new float[0];
        for (Hits hits : Hits.sketches(field, cameras)) {
            int end = densities.length;
            densities = Arrays.copyOf(densities, end + hits.count());
            System.arraycopy(hits.density(), 0, densities, end, hits.count());
        }
        if (densities.length == 0) {
            throw new RunException("there is no surface: no photo's ray meets anything solid; train longer");
        }
        Arrays.sort(densities);
        return densities[(int) (QUANTILE * densities.length)];
    }
}
