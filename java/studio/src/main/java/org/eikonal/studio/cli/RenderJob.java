package org.eikonal.studio.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eikonal.Rendering;
import org.eikonal.studio.image.Mp4File;
import org.eikonal.studio.path.Shot;
import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.run.RenderedFolder;
import org.eikonal.studio.run.ShotPictures;

/** Renders shots into folders, or into a film, until all are done or Ctrl-C is pressed. */
record RenderJob(Console console, ShotPictures pictures, List<Shot> shots) {
    /** @return whether all is done; if not, the pictures so far stay, and the same command goes on */
    boolean folder(Path out, boolean exr) throws IOException {
        List<String> names = exr ? List.of("exr") : pictures.channels();
        List<RenderedFolder> folders = new ArrayList<>();
        for (String name : names) {
            folders.add(RenderedFolder.open(out.resolve(name), description(name)));
        }
        String suffix = exr ? ".exr" : ".png";
        List<Shot> left = shots.stream()
                .filter(shot -> !folders.stream().allMatch(folder -> folder.has(shot.name() + suffix))).toList();
        if (left.size() < shots.size()) {
            console.note("%d of %d pictures are there already", shots.size() - left.size(), shots.size());
        }
        try (Interruption interruption = new Interruption()) {
            int done = render(left, interruption, (shot, rendering) -> {
                for (int i = 0; i < folders.size(); i++) {
                    folders.get(i).write(shot.name() + suffix, exr ? pictures.exr(shot, rendering)
                            : pictures.png(names.get(i), shot, rendering));
                }
            });
            if (done < left.size()) {
                console.note("stopped after %d of %d pictures; the same command goes on",
                        shots.size() - left.size() + done, shots.size());
            }
            return done == left.size();
        }
    }

    /** @return whether all is done; if not, there is no film */
    boolean film(Path file, double fps) throws IOException {
        Shot first = shots.get(0);
        for (Shot shot : shots) {
            if (shot.camera().width() != first.camera().width() || shot.camera().height() != first.camera().height()) {
                throw new ConfigException("a film's pictures are of one size, but " + first.name() + " has "
                        + first.camera().width() + "x" + first.camera().height() + " pixels, and " + shot.name() + " "
                        + shot.camera().width() + "x" + shot.camera().height() + "; let --out be a folder");
            }
        }
        // The interruption outlives the film, which deletes what is not whole.
        try (Interruption interruption = new Interruption();
                Mp4File film = new Mp4File(file, first.camera().width(), first.camera().height(), fps)) {
            int done = render(shots, interruption, (shot, rendering) ->
                    film.add(pictures.picture(pictures.channels().get(0), shot, rendering)));
            if (done < shots.size()) {
                console.note("stopped after %d of %d pictures; there is no film", done, shots.size());
                return false;
            }
            film.finish();
            return true;
        }
    }

    private interface Use {
        void of(Shot shot, Rendering rendering) throws IOException;
    }

    /** @return how many were done before somebody asked to stop */
    private int render(List<Shot> left, Interruption interruption, Use use) throws IOException {
        if (left.isEmpty()) {
            return 0;
        }
        int done = 0;
        try (Progress progress = new Progress(console, "rendering", left.size(), 0, " pictures")) {
            for (Shot shot : left) {
                if (interruption.isRequested()) {
                    break;
                }
                long start = System.nanoTime();
                Rendering rendering = pictures.field().render(shot);
                double rate = (double) rendering.width() * rendering.height() / ((System.nanoTime() - start) / 1e9);
                use.of(shot, rendering);
                done++;
                progress.update((double) done / left.size(), done, Progress.count(rate) + " rays/s");
            }
        }
        return done;
    }

    /** All that the pictures in a folder depend on, but for the device. */
    private Map<String, Object> description(String folder) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("configuration", pictures.field().config().sha256());
        description.put("parameters", pictures.field().parametersSha256());
        description.put("cameras", sha256(shots));
        description.put("channels", folder.equals("exr") ? pictures.channels() : List.of(folder));
        description.put("nearest", pictures.pictures().nearest());
        description.put("farthest", pictures.pictures().farthest());
        return description;
    }

    private static String sha256(List<Shot> shots) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            shots.forEach(shot -> digest.update(shot.toString().getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
