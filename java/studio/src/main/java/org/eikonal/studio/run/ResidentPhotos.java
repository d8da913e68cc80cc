package org.eikonal.studio.run;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.Views;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;

/**
 * The training photos on a device: all of them, or, of a scene that is larger than memory, so many at a time. Then every
 * {@value #EXCHANGE_STEPS} steps the photo that was there longest makes room for another one, in an order that the seed
 * decides: which photos are there is a function of seed and step alone. The next one is decoded in the background. The
 * cameras of all photos are there always. For one thread.
 */
final class ResidentPhotos implements AutoCloseable {
    static final int EXCHANGE_STEPS = 16;

    /** A decoded photo; mask: which pixels count, null: all. */
    record Decoded(Picture picture, byte[] mask) {}

    /** Reads photos: how, tests may say. */
    interface Decoder {
        Decoded decode(View photo) throws IOException;

        Decoder OF_FILES = photo -> new Decoded(photo.picture(), photo.countingPixels());
    }

    private final Views views;
    private final List<View> photos;
    private final List<Camera> cameras;
    private final Decoder decoder;
    private final int atATime;
    private final List<Integer> order;
    private final BitSet here = new BitSet();
    private final ExecutorService background = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "photos");
        thread.setDaemon(true);
        return thread;
    });
    private int first; // of those that are here, in the order; -1: not yet any window of it
    private int nextPhoto = -1;
    private Future<Decoded> next;

    /**
     * Loads all photos; or, where not all may be there, the first of them, which is enough to make a trainer.
     *
     * @throws IllegalArgumentException if a photo is of another size than its camera
     * @throws IOException in one line, if a photo can't be decoded
     */
    ResidentPhotos(Device device, RunConfig config, Scene scene, Decoder decoder) throws IOException {
        photos = scene.views(Split.TRAIN);
        this.decoder = decoder;
        cameras = photos.stream().map(photo -> UnitFrame.camera(config.unitCube(), photo.camera())).toList();
        int asked = config.residentPhotos();
        atATime = asked == 0 ? photos.size() : Math.min(asked, photos.size());
        order = new ArrayList<>(IntStream.range(0, photos.size()).boxed().toList());
        Collections.shuffle(order, new Random(config.seed()));
        first = isWhole() ? 0 : -1;
        try (Undo undo = new Undo()) {
            views = undo.add(Views.create(device, photos.size()));
            for (int i = 0; i < photos.size(); i++) {
                views.setPoints(i, UnitFrame.points(config.unitCube(), scene.points(), photos.get(i).points()));
            }
            if (isWhole()) {
                load(order);
            } else {
                for (int i = 0; i < photos.size(); i++) {
                    views.setCamera(i, cameras.get(i));
                }
                load(order.subList(0, 1));
            }
            undo.clear();
        }
    }

    private boolean isWhole() {
        return atATime == photos.size();
    }

    Views views() {
        return views;
    }

    /**
     * Brings the photos of a step; to be called before it is made.
     *
     * @throws IOException in one line, if a photo can't be decoded
     */
    void at(long step) throws IOException {
        int begin = (int) (step / EXCHANGE_STEPS % photos.size());
        if (isWhole() || begin == first) {
            return;
        }
        BitSet wanted = new BitSet();
        for (int i = 0; i < atATime; i++) {
            wanted.set(photo(begin + i));
        }
        // Those that come are there before those that go: a trainer never meets none.
        List<Integer> coming = wanted.stream().filter(photo -> !here.get(photo)).boxed().toList();
        List<Integer> going = here.stream().filter(photo -> !wanted.get(photo)).boxed().toList();
        if (coming.equals(List.of(nextPhoto))) {
            set(nextPhoto, await());
        } else {
            load(coming);
        }
        for (int photo : going) {
            views.setCamera(photo, cameras.get(photo));
            here.clear(photo);
        }
        first = begin;
        nextPhoto = photo(begin + atATime);
        int photo = nextPhoto;
        next = background.submit(() -> decoder.decode(photos.get(photo)));
    }

    private int photo(int place) {
        return order.get(place % photos.size());
    }

    private Decoded await() throws IOException {
        try {
            return next.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while a photo was decoded");
        }
    }

    private void load(List<Integer> coming) throws IOException {
        try {
            coming.parallelStream().map(photo -> {
                try {
                    Decoded decoded = decoder.decode(photos.get(photo));
                    views.set(photo, cameras.get(photo), decoded.picture().rgba(), decoded.mask());
                    return photo;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList().forEach(here::set);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IllegalArgumentException e) {
            // That of another thread comes wrapped into one of its kind.
            throw e.getCause() instanceof IllegalArgumentException cause ? cause : e;
        }
    }

    private void set(int photo, Decoded decoded) {
        views.set(photo, cameras.get(photo), decoded.picture().rgba(), decoded.mask());
        here.set(photo);
    }

    /** Frees the photos; closing twice is fine. */
    @Override
    public void close() {
        background.shutdownNow();
        views.close();
    }
}
