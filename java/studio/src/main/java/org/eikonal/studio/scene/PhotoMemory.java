package org.eikonal.studio.scene;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** How much memory decoded photos take: 4 bytes a pixel, 5 with a mask. */
public final class PhotoMemory {
    private PhotoMemory() {}

    /** @return bytes of this machine's memory */
    public static long ofMachine() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /** @return bytes that all of them take */
    public static long of(List<View> photos) {
        return photos.stream().mapToLong(PhotoMemory::of).sum();
    }

    /** @return bytes that so many of them take at most, whichever they are */
    public static long of(List<View> photos, int count) {
        return Math.min(of(photos), count * photos.stream().mapToLong(PhotoMemory::of).max().orElse(0));
    }

    /**
     * How many photos may stay in memory at a time.
     *
     * @param bytes that they may take
     * @return 0 for all, if they fit; otherwise as many as fit whichever they are, and one at least
     */
    public static int fitting(List<View> photos, long bytes) {
        if (of(photos) <= bytes) {
            return 0;
        }
        return (int) Math.max(1, bytes / photos.stream().mapToLong(PhotoMemory::of).max().orElse(1));
    }

    private static long of(View photo) {
        return (photo.mask() == null ? 4L : 5L) * photo.camera().width() * photo.camera().height();
    }
}
