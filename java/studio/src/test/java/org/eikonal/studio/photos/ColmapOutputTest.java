package org.eikonal.studio.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What COLMAP 3.8 says, and what later versions say, which log it with a prefix. */
class ColmapOutputTest {
    private static List<String> progress(int before, String... lines) {
        List<String> heard = new ArrayList<>();
        ColmapOutput output = new ColmapOutput(new PlacingListener() {
            @Override
            public void progress(Stage stage, int done, int total) {
                heard.add(stage + " " + done + "/" + total);
            }

            @Override
            public void note(String line) {
                throw new AssertionError(line);
            }
        }, 50, before);
        List.of(lines).forEach(output);
        return heard;
    }

    @Test
    void version38() {
        assertEquals(List.of("FEATURES 13/50", "MATCHING 8/25", "MATCHING 3/9", "PLACING 12/50"), progress(10,
                "Processed file [3/40]", "  Name:            0004.jpg", "Matching block [2/5, 3/5] in 12.427s",
                "Matching image [3/9] in 0.1s", "Initializing with image pair #18 and #15",
                "Registering image #17 (12)",
                "  => Image sees 101 / 300 points"));
    }

    @Test
    void version313() {
        String prefix = "I20251101 10:00:00.000000 140 feature_extraction.cc:254] ";
        assertEquals(List.of("FEATURES 3/50", "MATCHING 25/25", "MATCHING 9/9", "PLACING 7/50", "PLACING 8/50"),
                progress(0, prefix + "Processed file [3/50]", prefix + "Processing block [5/5, 5/5]",
                        prefix + "Processing image [9/9]", prefix + "Registering image #27 (num_reg_frames=7)",
                        prefix + "Registering image #27 (name=a (1).jpg) (num_reg_images=8)"));
    }

    @Test
    void numbersThatCannotBe() {
        assertEquals(List.of("FEATURES 50/50", "FEATURES 0/50", "MATCHING 0/1"), progress(0,
                "Processed file [70/50]", "Processed file [99999999999/50]", "Matching image [5/0]"));
    }
}
