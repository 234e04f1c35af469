package io.mpath.nvme.scenario;

import static io.mpath.nvme.scenario.NvmeScenarios.expect;
import static io.mpath.nvme.scenario.NvmeScenarios.expectStatus;

import io.mpath.nvme.command.Identify;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.nvme.command.IdentifyNamespace;
import io.mpath.nvme.command.IndependentNamespace;
import io.mpath.nvme.command.NamespaceDescriptors;
import io.mpath.nvme.command.NamespaceIds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What controllers say of themselves and of the namespace. */
final class IdentifyChecks {
    private static final int INVALID_NAMESPACE_OR_FORMAT = 0x00b;

    private IdentifyChecks() {}

    static List<ScenarioCheck> all() {
        return List.of(
                ScenarioCheck.of(
                        "controllers of one subsystem share its name and have numbers of their own",
                        "Base 2.1 5.1.13.2.1 SUBNQN, CNTLID",
                        (bench, ports) -> controllers(ports)),
                ScenarioCheck.ofEach(
                        "several controllers are told of",
                        "Base 2.1 5.1.13.2.1 CMIC bits 1 and 3",
                        (bench, port) -> multipath(bench, port)),
                ScenarioCheck.ofEach(
                        "active list ascends and has the namespace",
                        "Base 2.1 5.1.13.2.2",
                        (bench, port) -> activeList(bench, port)),
                ScenarioCheck.ofEach(
                        "descriptors agree with Identify Namespace",
                        "Base 2.1 5.1.13.2.3, NVM 1.1 4.1.5.1 NGUID, EUI64",
                        (bench, port) -> descriptors(port)),
                ScenarioCheck.of(
                        "namespace is the same through every port",
                        "Base 2.1 4.7.1, 2.4.1",
                        (bench, ports) -> sameEverywhere(ports)),
                ScenarioCheck.ofEach(
                        "pages of both kinds agree on the namespace",
                        "Base 2.1 5.1.13.2.8",
                        (bench, port) -> independent(bench, port)),
                ScenarioCheck.ofEach(
                        "namespace that is not active is all zeroes",
                        "NVM 1.1 4.1.5.1, Base 2.1 3.2.1.5",
                        (bench, port) -> inactive(port)),
                ScenarioCheck.ofEach(
                        "identifiers that cannot be ones are refused",
                        "Base 2.1 5.1.13.2.2, 5.1.13.2.3, 3.2.1.2",
                        (bench, port) -> invalid(port)));
    }

    private static void controllers(List<ScenarioPort> ports) {
        String name = ports.get(0).controllerPage().subsystemNqn();
        Set<Integer> numbers = new HashSet<>();
        for (ScenarioPort port : ports) {
            IdentifyController page = port.controllerPage();
            expect(
                    page.subsystemNqn().equals(name),
                    "%s is of %s",
                    port.transport().port(),
                    page.subsystemNqn());
            expect(numbers.add(page.controllerId()), "CNTLID %d is there twice", page.controllerId());
            expect(page.namespaceIdMax() >= 1, "NN is 0");
        }
    }

    private static void multipath(ScenarioBench bench, ScenarioPort port) {
        IdentifyController page = port.controllerPage();
        expect(bench.ports() == 1 || page.multipleControllers(), "CMIC bit 1 is clear");
        expect(page.anaReporting(), "CMIC bit 3 is clear");
        expect(page.anaGroupCount() >= 1 && page.anaGroupCount() <= page.anaGroupIdMax(), "NANAGRPID");
        expect(page.anaTransitionSeconds() > 0, "ANATT is 0");
    }

    private static void activeList(ScenarioBench bench, ScenarioPort port) {
        NamespaceIds all = NamespaceIds.decodeActiveList(port.admin(Identify.activeNamespacesAbove(0)));
        expect(all.contains(bench.nsid()), "%s is not in %s", bench.nsid(), all);
        for (int i = 1; i < all.size(); i++) {
            expect(all.get(i - 1) < all.get(i), "%s does not ascend", all);
        }
        NamespaceIds above = NamespaceIds.decodeActiveList(port.admin(Identify.activeNamespacesAbove(bench.nsid())));
        expect(!above.contains(bench.nsid()), "the list above %s has it", bench.nsid());
    }

    private static void descriptors(ScenarioPort port) {
        IdentifyNamespace page = port.namespacePage();
        NamespaceDescriptors list = port.descriptors();
        expect(list.uuid().or(list::nguid).or(list::eui64).isPresent(), "it has no identifier at all");
        page.nguid()
                .ifPresent(nguid -> expect(
                        list.nguid().map(nguid::equals).orElse(true), "NGUID is %s, and %s", nguid, list.nguid()));
        page.eui64()
                .ifPresent(eui64 -> expect(
                        list.eui64().map(eui64::equals).orElse(true), "EUI64 is %s, and %s", eui64, list.eui64()));
    }

    private static void sameEverywhere(List<ScenarioPort> ports) {
        NamespaceDescriptors first = ports.get(0).descriptors();
        IdentifyNamespace page = ports.get(0).namespacePage();
        for (ScenarioPort port : ports) {
            IdentifyNamespace other = port.namespacePage();
            expect(
                    port.descriptors().equals(first),
                    "%s has %s",
                    port.transport().port(),
                    port.descriptors());
            expect(
                    other.sizeBlocks() == page.sizeBlocks(),
                    "NSZE is %d, and %d",
                    page.sizeBlocks(),
                    other.sizeBlocks());
            expect(other.format().equals(page.format()), "the formats differ");
            expect(other.shared() || ports.size() == 1, "NMIC bit 0 is clear");
        }
    }

    private static void independent(ScenarioBench bench, ScenarioPort port) {
        IdentifyNamespace page = port.namespacePage();
        var other = IndependentNamespace.decode(port.admin(Identify.independentNamespace(bench.nsid())));
        expect(other.shared() == page.shared(), "NMIC differs");
        expect(
                other.anaGroupId() == page.anaGroupId(),
                "ANAGRPID is %d, and %d",
                page.anaGroupId(),
                other.anaGroupId());
        expect(other.writeProtected() == page.writeProtected(), "NSATTR differs");
        expect(other.ready(), "it is not ready");
    }

    private static void inactive(ScenarioPort port) {
        NamespaceIds active = NamespaceIds.decodeActiveList(port.admin(Identify.activeNamespacesAbove(0)));
        long free = port.controllerPage().namespaceIdMax();
        expect(!active.contains(free), "NSID NN is in use, which this check cannot do without");
        ByteBuffer page = port.admin(Identify.namespace(free));
        List<Integer> set = new ArrayList<>();
        for (int at = 0; at < page.limit(); at++) {
            if (page.get(at) != 0) {
                set.add(at);
            }
        }
        expect(set.isEmpty(), "bytes %s are set", set);
        expectStatus(
                port.adminStatus(Identify.namespaceDescriptors(free)),
                INVALID_NAMESPACE_OR_FORMAT,
                "the list of its descriptors");
    }

    private static void invalid(ScenarioPort port) {
        expectStatus(
                port.adminStatus(Identify.activeNamespacesAbove(NamespaceIds.ALL - 1)),
                INVALID_NAMESPACE_OR_FORMAT,
                "the list above FFFFFFFEh");
        boolean common = port.controllerPage().namespaceManagement();
        expect(
                common || port.adminStatus(Identify.namespace(NamespaceIds.ALL)).value() == INVALID_NAMESPACE_OR_FORMAT,
                "Identify of FFFFFFFFh, without namespace management, is answered");
    }
}
