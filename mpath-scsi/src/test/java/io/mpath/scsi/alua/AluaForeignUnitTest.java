package io.mpath.scsi.alua;

import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.STANDBY;
import static io.mpath.AccessState.TRANSITIONING;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.scsi.alua.AluaWorld.Path;
import io.mpath.scsi.alua.AluaWorld.Unit;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.command.SenseKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A look is answered by whatever unit has the number by now: a unit attention tells before that it may be another one. */
class AluaForeignUnitTest {
    private static final SenseData ANOTHER = SenseData.of(SenseKey.UNIT_ATTENTION, 0x3f, 0x03);

    private final AluaWorld alua = AluaWorld.seeded(1);
    private final Unit unit = alua.unit().put(1, AluaState.OPTIMIZED).put(2, AluaState.OPTIMIZED);
    private final Path a = unit.add("a", 1);

    private ByteBuffer statesOfAnother() {
        return alua.unit("other", Duration.ZERO)
                .put(1, AluaState.STANDBY)
                .put(2, AluaState.STANDBY)
                .frozen();
    }

    @ParameterizedTest
    @CsvSource({"63, 3", "63, 5", "63, 14", "40, 0"})
    void statesOfAUnitThatMayBeAnotherAreNotBelieved(int asc, int ascq) {
        alua.settle();
        Path b = unit.add("b", 2);
        alua.settle();
        unit.commands.clear();
        a.script.add(AluaWorld.ended(SenseData.of(SenseKey.UNIT_ATTENTION, asc, ascq)));
        a.script.add(AluaWorld.good(statesOfAnother()));

        unit.monitor.changed();
        alua.settle();

        assertThat(unit.commands).containsExactly("RTPG a", "RTPG b");
        assertThat(a.state()).isEqualTo(OPTIMIZED);
        assertThat(b.state()).isEqualTo(OPTIMIZED);
    }

    /** The negative control: any other unit attention is worked off, and what comes next is believed. */
    @Test
    void statesAfterAnotherAttentionAreBelieved() {
        alua.settle();
        a.script.add(AluaWorld.ended(AluaWorld.RESET));
        a.script.add(AluaWorld.good(statesOfAnother()));

        unit.monitor.changed();
        alua.settle();

        assertThat(a.state()).isEqualTo(STANDBY);
    }

    /** It was told so beside a request, after the question was sent. */
    @Test
    void statesThatCameThroughAPathThatIsDoubtedMeanwhileAreNotBelieved() {
        alua.settle();
        a.script.add(AluaWorld.good(statesOfAnother()));
        a.whenAsked = () -> a.live = false;

        unit.monitor.changed();
        alua.settle();

        assertThat(a.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void pathThatSaysSoWhenItIsTriedBeforeIsNotAskedEither() {
        unit.put(1, AluaState.TRANSITIONING);
        alua.settle();
        assertThat(a.state()).isEqualTo(TRANSITIONING);
        unit.commands.clear();
        a.script.add(AluaWorld.ended(ANOTHER));
        a.script.add(AluaWorld.good(statesOfAnother()));
        a.script.add(AluaWorld.good(statesOfAnother()));

        alua.pass(Duration.ofMillis(2_100));

        assertThat(unit.commands).containsExactly("TUR a");
        assertThat(a.state()).isEqualTo(TRANSITIONING);
    }
}
