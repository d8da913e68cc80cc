package org.eikonal.studio.photos;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eikonal.studio.photos.PlacingListener.Stage;

/** Reads how far COLMAP is from what it says, in the words of versions 3.8 to 3.13. For one thread. */
final class ColmapOutput implements Consumer<String> {
    private static final Pattern FILE = Pattern.compile("Processed file \\[(\\d+)/\\d+\\]");
    private static final Pattern BLOCK =
            Pattern.compile("(?:Matching|Processing) block \\[(\\d+)/(\\d+), (\\d+)/(\\d+)\\]");
    private static final Pattern IMAGE = Pattern.compile("(?:Matching|Processing) image \\[(\\d+)/(\\d+)\\]");
    private static final Pattern PLACED =
            Pattern.compile("Registering image #\\d+ .*\\((?:num_reg_\\w+=)?(\\d+)\\)");

    private final PlacingListener listener;
    private final int photos;
    private final int before;

    /**
     * @param photos how many there are in all
     * @param before how many of them other calls have done
     */
    ColmapOutput(PlacingListener listener, int photos, int before) {
        this.listener = listener;
        this.photos = photos;
        this.before = before;
    }

    @Override
    public void accept(String line) {
        Matcher matcher;
        if ((matcher = FILE.matcher(line)).find()) {
            progress(Stage.FEATURES, before + number(matcher, 1), photos);
        } else if ((matcher = BLOCK.matcher(line)).find()) {
            int columns = number(matcher, 4);
            progress(Stage.MATCHING, (number(matcher, 1) - 1) * columns + number(matcher, 3),
                    number(matcher, 2) * columns);
        } else if ((matcher = IMAGE.matcher(line)).find()) {
            progress(Stage.MATCHING, number(matcher, 1), number(matcher, 2));
        } else if ((matcher = PLACED.matcher(line)).find()) {
            progress(Stage.PLACING, number(matcher, 1), photos);
        }
    }

    private void progress(Stage stage, int done, int total) {
        listener.progress(stage, Math.min(done, total), Math.max(1, total));
    }

    /** Longer numbers are none of COLMAP's. */
    private static int number(Matcher matcher, int group) {
        String text = matcher.group(group);
        return text.length() > 6 ? 0 : Integer.parseInt(text);
    }
}
