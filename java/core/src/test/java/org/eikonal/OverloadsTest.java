package org.eikonal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Public methods of one name differ in how many parameters they have: Clojure then needs no type hint to choose. */
class OverloadsTest {
    @Test
    void differInTheNumberOfParameters() throws Exception {
        Path classes = Path.of(Device.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> ambiguous = new ArrayList<>();
        int types = 0;
        for (File file : classes.resolve("org/eikonal").toFile().listFiles((folder, name) -> name.endsWith(".class"))) {
            Class<?> type = Class.forName("org.eikonal." + file.getName().replace(".class", ""));
            if (Modifier.isPublic(type.getModifiers())) {
                types++;
                Set<String> seen = new HashSet<>();
                Stream.concat(Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredConstructors()))
                        .filter(each -> Modifier.isPublic(each.getModifiers()) && !each.isSynthetic())
                        .map((Executable each) -> type.getName() + "." + each.getName() + "/" + each.getParameterCount())
                        .filter(each -> !seen.add(each))
                        .forEach(ambiguous::add);
            }
        }
        assertTrue(types > 40, types + " public types found");
        assertTrue(ambiguous.isEmpty(), ambiguous.toString());
    }
}
