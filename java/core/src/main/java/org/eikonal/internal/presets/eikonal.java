package org.eikonal.internal.presets;

import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/** Tells JavaCPP's parser how to turn the C header into {@code org.eikonal.internal.Bindings}. */
@Properties(
        value = @Platform(value = "linux-x86_64", cinclude = "eikonal/eikonal.h", library = "jnieikonal"),
        target = "org.eikonal.internal",
        global = "org.eikonal.internal.Bindings")
public class eikonal implements InfoMapper {
    @Override
    public void map(InfoMap map) {
        map.put(new Info("EIK_API").cppTypes().annotations());
        map.put(new Info("eik_status").cast().valueTypes("int"));
        // Text crosses the border as String: in modified UTF-8, see MODIFIED_UTF8_STRING in CMakeLists.txt.
        map.put(new Info("const char").valueTypes("byte").pointerTypes("String"));
        // Numbers cross it in arrays and NIO buffers; JavaCPP's pointers, which need JavaCPP's own native library, are for those
        // who have memory of a GPU.
        map.put(new Info("float").valueTypes("float").pointerTypes("FloatBuffer", "float[]", "FloatPointer"));
        map.put(new Info("double").valueTypes("double").pointerTypes("DoubleBuffer", "double[]"));
        map.put(new Info("int32_t", "int").valueTypes("int").pointerTypes("IntBuffer", "int[]"));
        map.put(new Info("int64_t").cast().valueTypes("long").pointerTypes("LongBuffer", "long[]"));
        map.put(new Info("uint8_t").cast().valueTypes("byte").pointerTypes("ByteBuffer", "byte[]"));
        map.put(new Info("eik_device").pointerTypes("DeviceHandle"));
        map.put(new Info("eik_module").pointerTypes("ModuleHandle"));
        map.put(new Info("eik_optimizer").pointerTypes("OptimizerHandle"));
        map.put(new Info("eik_views").pointerTypes("ViewsHandle"));
        map.put(new Info("eik_occupancy").pointerTypes("OccupancyHandle"));
        map.put(new Info("eik_trainer").pointerTypes("TrainerHandle"));
    }
}
