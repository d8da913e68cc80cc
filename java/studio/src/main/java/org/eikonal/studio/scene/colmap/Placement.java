package org.eikonal.studio.scene.colmap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eikonal.studio.scene.JsonObject;
import org.eikonal.studio.scene.SceneFolder;

/**
 * What was given to COLMAP to be placed, kept beside the model that came of it: so photos that came later are told from
 * those that COLMAP could not place.
 *
 * @param photos by their path in the folder of photos: the file's length in bytes, by which changed ones are known
 * @param reasons why photos of those have no pose, by their path
 */
public record Placement(Map<String, Long> photos, Map<String, String> reasons) {
    /** The folder, inside the scene's, in which COLMAP works; the model is in it where photos are beside it. */
    public static final String FOLDER = "eikonal-colmap";

    /** Where it is kept, in the scene's folder. */
    public static final String FILE = FOLDER + "/placement.json";

    /** The names of photos that COLMAP is given. */
    public static final String GIVEN = "(?i).*\\.(jpe?g|png|tiff?|bmp)";

    /** How the reason of a photo begins that came later. */
    public static final String LATE = "added after COLMAP had placed the others";

    private static final JsonMapper MAPPER = new JsonMapper();

    /** Sorts and copies. */
    public Placement {
        photos = new TreeMap<>(photos);
        reasons = new TreeMap<>(reasons);
    }

    /**
     * Reads what was kept.
     *
     * @return empty if nothing was
     * @throws org.eikonal.studio.scene.SceneException if it is damaged
     */
    public static Optional<Placement> read(SceneFolder folder) {
        return folder.file(FILE).map(JsonObject::read).map(root -> {
            Map<String, Long> photos = new TreeMap<>();
            Map<String, String> reasons = new TreeMap<>();
            root.node().path("photos").properties()
                    .forEach(photo -> photos.put(photo.getKey(), photo.getValue().asLong()));
            root.node().path("reasons").properties()
                    .forEach(photo -> reasons.put(photo.getKey(), photo.getValue().asText()));
            return new Placement(photos, reasons);
        });
    }

    /** @return what {@link #read} reads from {@value #FILE} */
    public byte[] json() {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter()
                    .writeValueAsBytes(Map.of("photos", photos, "reasons", reasons));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Why a photo has no pose.
     *
     * @param name its path in the folder of photos
     * @param model where the model is, in the scene's folder
     */
    String reason(String name, String model) {
        String known = reasons.getOrDefault(name, photos.containsKey(name) ? "COLMAP could not place it" : null);
        if (known == null && !name.matches(GIVEN)) {
            return "COLMAP is given JPEG, PNG, TIFF and BMP only";
        }
        return known != null ? known : LATE + "; remove " + model + " to place all anew";
    }
}
