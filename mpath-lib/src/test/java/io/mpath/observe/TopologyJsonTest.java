package io.mpath.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.Multipath.LeftOutPath;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyJsonTest {
    @Test
    void everyFieldOfTheTopologyIsInTheDocumentUnderItsName() {
        assertThat(Snapshots.topology().toJson()).isEqualTo("""
            {"devices":[{"id":"naa.600140512345678900000000000000ab","size":1610612736,"block_size":4096,\
            "policy":"round-robin","state":"live","read_only":false,"no_path":"queue:PT1M",\
            "delayed_removal_seconds":2.5,"waiting":7,"held":1,\
            "unfenced":[{"offset":4096,"length":512,"path":"/dev/sda","held":true,"left_seconds":2.5},\
            {"offset":8192,"length":512,"path":"/dev/sdb","held":false,"left_seconds":null}],\
            "paths":[\
            {"name":"/dev/sda","port":"host0","access_state":"optimized","liveness":"live","preferred":true,\
            "numa_node":1,"usable":true,"reason":"","marginal":"slow","selected":true,"in_flight":3,\
            "counters":{"requests":1000,"bytes":4096000,"errors":11,"failovers":12,"retries":13,\
            "checks":31,"failed_checks":32,"demotions":41}},\
            {"name":"/dev/sdb","port":"host1","access_state":"standby","liveness":"live","preferred":false,\
            "numa_node":-1,"usable":false,"reason":"access state standby","marginal":"","selected":false,"in_flight":0,\
            "counters":{"requests":2000,"bytes":8192000,"errors":14,"failovers":15,"retries":16,\
            "checks":33,"failed_checks":34,"demotions":42}}],\
            "counters":{"requests":3000,"bytes":12288000,"errors":25,"retries":29,"failovers":21,"requeues":22,"no_path_failures":23,"timeouts":24,\
            "unknown_outcomes":25,"held_writes":28,"overlaps":29,"overdue_attempts":30,\
            "late_completions":26,"stray_completions":27,"unreached_flushes":43}}],\
            "left_out":[{"name":"/dev/vda","reason":"no device identifier"}]}\
            """);
    }

    @Test
    void nothingKnownIsTwoEmptyLists() {
        assertThat(Snapshots.empty().toJson()).isEqualTo("{\"devices\":[],\"left_out\":[]}");
    }

    @Test
    void deviceThatLostItsLastPathHasAnEmptyListOfThem() {
        var topology = new Topology(List.of(Snapshots.device(Snapshots.ID, List.of())), List.of());

        assertThat(topology.toJson()).contains("\"state\":\"removing\"", "\"paths\":[],");
    }

    @Test
    void namesAndReasonsFromOutsideCannotBreakTheDocument() {
        var path = Snapshots.unusable("/dev/\"x\"", "said: \\\n\u0000");
        var topology = new Topology(
                List.of(Snapshots.device(DeviceId.named("a\"b"), List.of(path))),
                List.of(new LeftOutPath("tab\there", "ends\"}]")));

        assertThat(topology.toJson())
                .contains("\"id\":\"name.a\\\"b\"")
                .contains("\"name\":\"/dev/\\\"x\\\"\"")
                .contains("\"reason\":\"said: \\\\\\n\\u0000\"")
                .contains("{\"name\":\"tab\\there\",\"reason\":\"ends\\\"}]\"}");
    }
}
