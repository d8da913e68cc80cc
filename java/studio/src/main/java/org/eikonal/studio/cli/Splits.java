package org.eikonal.studio.cli;

import java.util.List;
import java.util.Locale;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Splits as users write them: train, val, test. */
final class Splits implements ITypeConverter<Split> {
    @Override
    public Split convert(String text) {
        for (Split split : Split.values()) {
            if (name(split).equals(text)) {
                return split;
            }
        }
        throw new TypeConversionException("'" + text + "' is no split; it is train, val or test");
    }

    static String name(Split split) {
        return split.name().toLowerCase(Locale.ROOT);
    }

    /** A split's views, of which there must be one at least. */
    static List<View> views(Scene scene, Split split) {
        List<View> views = scene.views(split);
        if (views.isEmpty()) {
            throw new RunException(scene.folder() + ": the scene has no " + name(split) + " views, but "
                    + scene.views(Split.TRAIN).size() + " train, " + scene.views(Split.VAL).size() + " val, "
                    + scene.views(Split.TEST).size() + " test; choose another --split");
        }
        return views;
    }
}
