package org.eikonal.studio.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceNameTest {
    @ParameterizedTest
    @CsvSource({
        "auto, auto, 0", "cpu, cpu, 0", "cuda, cuda, 0", "cuda:0, cuda, 0", "cuda:1, cuda, 1", "cuda:1023, cuda, 1023",
    })
    void devicesAreSpeltAsPyTorchSpellsThem(String text, String type, int index) {
        assertEquals(new DeviceName(type, index), DeviceName.of(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "gpu", "CUDA", "cuda:", "cuda:-1", "cuda:01", "cuda:1024", "cuda:99999999999", "cuda:1 ", "cuda:x", "cuda1",
        "cpu:0", "auto:0", "cuda:\u0661", "cuda:1\n",
    })
    void otherSpellingsAreNoDevice(String text) {
        assertThrows(ConfigException.class, () -> DeviceName.of(text));
    }

    @Test
    void whatIsWrongIsToldWithTheRemedy() {
        ConfigException e = assertThrows(ConfigException.class, () -> DeviceName.of("gpu"));
        assertEquals("device is gpu; it must be auto, cpu, cuda, or cuda:N for the GPU of index N, 0 to 1023",
                e.getMessage());
    }
}
