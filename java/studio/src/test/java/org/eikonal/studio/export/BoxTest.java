package org.eikonal.studio.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eikonal.studio.recipe.ConfigException;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.scene.UnitCube;
import org.junit.jupiter.api.Test;

class BoxTest {
    @Test
    void theModelledBoxIsInWorldUnits() {
        Box box = Box.of(new UnitCube(0.25, 0.5, 0.25, 0.75, 2));
        // unit = world / 4 + offset, and the box is from -0.5 to 1.5.
        assertArrayEquals(new double[] {-4, -3, -5}, box.low(), 1e-12);
        assertArrayEquals(new double[] {4, 5, 3}, box.high(), 1e-12);
    }

    @Test
    void aCropIsSixNumbersInOrder() {
        assertArrayEquals(new double[] {1, 1, 0.5}, Box.parse("-1,-1,0,1,1,0.5").high());
        for (String text : new String[] {"", "1,2,3", "a,b,c,d,e,f", "0,0,0,1,1,NaN", "0,0,0,1,1,Infinity",
            "0,0,0,1,1,1,", "0;0;0;1;1;1"}) {
            assertTrue(assertThrows(ConfigException.class, () -> Box.parse(text)).getMessage()
                    .contains("write six numbers"), text);
        }
        assertEquals("--crop is 0,1,0,1,-1,1, which ends at y -1.0 before it begins at 1.0; write the lesser corner"
                + " first, x0,y0,z0,x1,y1,z1",
                assertThrows(ConfigException.class, () -> Box.parse("0,1,0,1,-1,1")).getMessage());
        assertThrows(ConfigException.class, () -> Box.parse("0,0,0,1,0,1"));
    }

    @Test
    void whatIsOutsideTheModelledBoxIsCutOff() {
        Box whole = new Box(new double[] {-1, -1, -1}, new double[] {1, 1, 1});
        Box part = new Box(new double[] {-5, 0, 0}, new double[] {0.5, 9, 0.5}).within(whole);
        assertArrayEquals(new double[] {-1, 0, 0}, part.low());
        assertArrayEquals(new double[] {0.5, 1, 0.5}, part.high());
        String message = assertThrows(RunException.class,
                () -> new Box(new double[] {1, 0, 0}, new double[] {2, 1, 1}).within(whole)).getMessage();
        assertTrue(message.contains("outside of the box that is modelled, -1.0000,-1.0000,-1.0000,1.0000"), message);
    }

    @Test
    void voxelsFillABox() {
        Box box = new Box(new double[] {-1, 0, 2}, new double[] {3, 2, 3});
        VoxelGrid grid = VoxelGrid.over(box, 8);
        assertEquals(new VoxelGrid(-0.75, 0.25, 2.25, 0.5, 8, 4, 2), grid);
        assertArrayEquals(new double[] {2.75, 0.25, 2.75, -0.75, 0.75, 2.75}, grid.middles(1, 7, 2), 1e-12);
        // Edges that are no multiple: one middle for the box and the voxels.
        VoxelGrid odd = VoxelGrid.over(new Box(new double[] {0, 0, 0}, new double[] {1, 0.34, 0.01}), 10);
        assertEquals(3, odd.ny());
        assertEquals(0.17, odd.y() + odd.spacing(), 1e-12);
        assertEquals(1, odd.nz());
        assertEquals(0.005, odd.z(), 1e-12);
        for (int resolution : new int[] {Integer.MIN_VALUE, 0, 1, 2049, Integer.MAX_VALUE}) {
            assertTrue(assertThrows(ConfigException.class, () -> VoxelGrid.over(box, resolution)).getMessage()
                    .contains("it must be 2 to 2048"));
        }
    }
}
