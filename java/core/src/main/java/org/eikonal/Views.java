package org.eikonal;

import org.eikonal.internal.Bindings;
import org.eikonal.internal.ViewsHandle;

/**
 * Posed pictures that stay on a device, for training. Thread-safe: calls take turns.
 *
 * <p>Poses are camera to unit cube: the mapping from the world is the caller's.
 */
public final class Views implements AutoCloseable {
    private final Device device;
    private final Handle<ViewsHandle> handle;
    private final int count;

    private Views(Device device, ViewsHandle pointer, int count) {
        this.device = device;
        this.handle = new Handle<>("Views", pointer, new ViewsHandle(pointer), Bindings::eik_views_destroy);
        this.count = count;
    }

    /**
     * Makes room for views, each of which is then {@link #set}.
     *
     * @param device where they live
     * @param count how many, 1 to 1000000
     * @return the views, to be closed
     * @throws IllegalArgumentException if the count is out of its range
     */
    public static Views create(Device device, int count) {
        ViewsHandle pointer = new ViewsHandle();
        synchronized (device.turn) {
            Status.check(Bindings.eik_views_create(device.pointer(), count, pointer));
        }
        return new Views(device, pointer, count);
    }

    /** {@return how many views there is room for} */
    public int count() {
        return count;
    }

    /**
     * Sets a view.
     *
     * @param view 0 to {@link #count} - 1
     * @param camera in the unit-cube frame
     * @param rgba {@code [height][width][4]}: 8-bit sRGB with straight alpha; copied
     * @throws IllegalArgumentException if there is no such view or the picture has another size than the camera
     * @throws DeviceMemoryException if the device has too little memory
     */
    public void set(int view, Camera camera, byte[] rgba) {
        set(view, camera, rgba, null);
    }

    /**
     * Sets a view some of whose pixels do not count: training never looks through them.
     *
     * @param view 0 to {@link #count} - 1
     * @param camera in the unit-cube frame
     * @param rgba {@code [height][width][4]}: 8-bit sRGB with straight alpha; copied
     * @param mask {@code [height][width]}: 0 where a pixel does not count, not everywhere; null: all count; copied
     * @throws IllegalArgumentException if there is no such view, picture or mask have another size than the camera, or
     *     no pixel counts
     * @throws DeviceMemoryException if the device has too little memory
     */
    public void set(int view, Camera camera, byte[] rgba, byte[] mask) {
        Shapes.length("rgba", rgba.length, 4L * camera.width() * camera.height());
        if (mask != null) {
            Shapes.length("mask", mask.length, (long) camera.width() * camera.height());
        }
        setView(view, camera, rgba, mask);
    }

    /**
     * Sets a view that has no picture, for {@link #rays}; one that had a picture loses it. Training passes over views
     * without a picture, but counts them among those that show a cell.
     *
     * @param view 0 to {@link #count} - 1
     * @param camera in the unit-cube frame
     * @throws IllegalArgumentException if there is no such view
     */
    public void setCamera(int view, Camera camera) {
        setView(view, camera, null, null);
    }

    /**
     * Says which points on surfaces a view's picture shows, as structure from motion finds them: what
     * {@link TrainerConfig.Builder#depthLossMult} makes use of. They stay until they are said anew, whatever picture the
     * view has.
     *
     * @param view 0 to {@link #count} - 1
     * @param xyz {@code [n][3]}: in the unit-cube frame, finite; copied
     * @throws IllegalArgumentException if there is no such view, or a coordinate is not finite
     * @throws DeviceMemoryException if the device has too little memory
     */
    public void setPoints(int view, float[] xyz) {
        Shapes.length("xyz", xyz.length, xyz.length / 3 * 3L);
        synchronized (device.turn) {
            Status.check(Bindings.eik_views_set_points(handle.get(), view, xyz.length / 3, xyz));
        }
    }

    private void setView(int view, Camera camera, byte[] rgba, byte[] mask) {
        synchronized (device.turn) {
            Status.check(Bindings.eik_views_set(handle.get(), view, camera.width(), camera.height(), lens(camera),
                    numbers(camera, new float[NUMBERS]), rgba, mask));
        }
    }

    /**
     * Rays through pixels.
     *
     * @param view {@code [n]}: which camera
     * @param pixels {@code [n][2]} in pixels: x to the right, y down; the first pixel's centre is (0.5, 0.5)
     * @return n rays, in the unit-cube frame
     * @throws IllegalArgumentException if a view is not set
     */
    public Rays rays(int[] view, float[] pixels) {
        int numbers = Shapes.size("origins", view.length, 3);
        Rays rays = new Rays(new float[numbers], new float[numbers]);
        rays(view, pixels, rays);
        return rays;
    }

    /**
     * As {@link #rays(int[], float[])}, into arrays of the caller's: allocates nothing.
     *
     * @param view {@code [n]}: which camera
     * @param pixels {@code [n][2]} in pixels
     * @param rays n of them, overwritten
     */
    public void rays(int[] view, float[] pixels, Rays rays) {
        Shapes.length("pixels", pixels.length, 2L * view.length);
        Shapes.length("origins", rays.origins().length, 3L * view.length);
        synchronized (device.turn) {
            Status.check(Bindings.eik_views_rays(
                    handle.get(), view.length, view, pixels, rays.origins(), rays.directions()));
        }
    }

    /** Frees the views; closing twice is fine. */
    @Override
    public void close() {
        synchronized (device.turn) {
            handle.close();
        }
    }

    Device device() {
        return device;
    }

    ViewsHandle pointer() {
        return handle.get();
    }

    /** The native code of a lens. */
    static int lens(Camera camera) {
        return camera.lens() == Lens.FISHEYE ? 1 : 0;
    }

    /** How many numbers a camera has natively. */
    static final int NUMBERS = 24;

    /** @return numbers, filled with the native layout of a camera: fx fy cx cy, k1..k6 p1 p2, pose 3x4 */
    static float[] numbers(Camera camera, float[] numbers) {
        Distortion d = camera.distortion();
        numbers[0] = camera.fx();
        numbers[1] = camera.fy();
        numbers[2] = camera.cx();
        numbers[3] = camera.cy();
        numbers[4] = d.k1();
        numbers[5] = d.k2();
        numbers[6] = d.k3();
        numbers[7] = d.k4();
        numbers[8] = d.k5();
        numbers[9] = d.k6();
        numbers[10] = d.p1();
        numbers[11] = d.p2();
        for (int i = 0; i < 12; i++) {
            numbers[12 + i] = (float) camera.pose().at(i / 4, i % 4);
        }
        return numbers;
    }
}
