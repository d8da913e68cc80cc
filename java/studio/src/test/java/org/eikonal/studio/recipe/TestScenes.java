package org.eikonal.studio.recipe;

import java.nio.file.Path;
import java.util.List;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.SparsePoints;
import org.eikonal.studio.scene.UnitCube;

/** Scenes without views, for what needs none. */
final class TestScenes {
    private TestScenes() {}

    static Scene of(int aabbScale) {
        return new Scene("photos", Path.of("/data/photos"), "transforms.json", List.of(),
                new UnitCube(0.25, 0.5, 0.25, 0.75, aabbScale), SparsePoints.NONE, List.of());
    }
}
