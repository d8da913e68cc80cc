package org.eikonal.studio.photos;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eikonal.studio.photos.PhotoFolder.Photo;
import org.eikonal.studio.scene.SceneException;
import org.eikonal.studio.scene.colmap.ColmapSummary;

/**
 * The largest of the models that COLMAP made, none of which is connected to another.
 *
 * @param model its folder
 * @param reasons why photos that are in other models are left out, by their names
 */
record ModelChoice(Path model, Map<String, String> reasons) {
    /** With fewer photos, nothing can be trained and held out. */
    static final int FEWEST = 4;
    static final String ADVICE = "photos must overlap by two thirds, be sharp, and show things that don't move and have"
            + " texture: walk around the scene, don't turn on the spot, and take 50 to 150 of them";

    private static final double FEW = 0.75;
    private static final double NEARLY_NONE = 0.1;
    private static final int MOST_NAMED = 5;

    /**
     * Chooses, and tells the listener what was placed and what was not.
     *
     * @param models one or more
     * @throws SceneException if nearly none was placed
     */
    static ModelChoice of(List<Path> models, PhotoFolder photos, PlacingListener listener) {
        Map<Path, ColmapSummary> summaries = new HashMap<>();
        models.forEach(model -> summaries.put(model, ColmapSummary.of(model)));
        List<Path> sorted = models.stream().sorted(Comparator.comparing(
                (Path model) -> -summaries.get(model).photos().size())).toList();
        ColmapSummary largest = summaries.get(sorted.get(0));
        int placed = largest.photos().size();
        int count = photos.photos().size();
        if (placed < Math.max(FEWEST, NEARLY_NONE * count)) {
            throw tooFew(photos, placed);
        }
        Map<String, String> reasons = new HashMap<>();
        for (Path model : sorted.subList(1, sorted.size())) {
            List<String> others = summaries.get(model).photos();
            others.forEach(name -> reasons.putIfAbsent(name, "COLMAP placed it apart from most, with "
                    + (others.size() - 1) + " other photos"));
            listener.note("COLMAP also made a model of " + others.size() + " photos that it can't connect with the"
                    + " others, and which is left out: " + named(others));
        }
        listener.note(String.format(Locale.ROOT, "COLMAP placed %d of %d photos, by %d points with a mean reprojection"
                + " error of %.2f px", placed, count, largest.points(), largest.reprojectionError()));
        Set<String> unplaced = new TreeSet<>(photos.photos().stream().map(Photo::name).toList());
        largest.photos().forEach(unplaced::remove);
        if (!unplaced.isEmpty()) {
            listener.note("not placed: " + named(List.copyOf(unplaced)));
        }
        if (placed < FEW * count) {
            listener.note("these are few; " + ADVICE);
        }
        return new ModelChoice(sorted.get(0), reasons);
    }

    static SceneException tooFew(PhotoFolder photos, int placed) {
        return new SceneException(photos.root(), "COLMAP placed " + (placed == 0 ? "none" : "only " + placed) + " of "
                + photos.photos().size() + " photos, too few to train on; " + ADVICE);
    }

    private static String named(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
                + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
    }
}
