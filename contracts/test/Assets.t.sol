// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatasetRegistry} from "../assets/DatasetRegistry.sol";
import {Lineage} from "../assets/Lineage.sol";
import {ModelRegistry} from "../assets/ModelRegistry.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";
import {Assets__Harness} from "./Assets__Harness.sol";
import {TestBase} from "./TestBase.sol";

/// @notice What registries keep, and from whom.
contract AssetsTest is TestBase {
    using Lineage for uint256;

    ModelRegistry private models;
    DatasetRegistry private datasets;
    uint256 private model;
    uint256 private dataset;

    function setUp() public {
        Assets__Harness made = new Assets__Harness(address(this));
        (models, datasets) = (made.models(), made.datasets());
        model = models.register("program", "manifest", address(1), 1);
        dataset = datasets.register("t", "c", 1, "m", address(1), 1, new address[](0), new uint256[](0));
    }

    function testFuzz_TermsOfALineageKeepEveryField(uint16[8] calldata bps, uint32[8] calldata versions) public pure {
        uint256 terms;
        for (uint256 i = 0; i < 8; i++) {
            terms = terms.with(i, bps[i] % (Lineage.BASIS + 1), versions[i] % (Lineage.VERSIONS + 1));
        }
        for (uint256 i = 0; i < 8; i++) {
            assertEq(terms.bps(), bps[i] % (Lineage.BASIS + 1), "bps");
            assertEq(terms.version(), versions[i] % (Lineage.VERSIONS + 1), "version");
            terms = terms.next();
        }
        assertEq(terms, 0, "a ninth");
    }

    function testFuzz_VersionsOnlyAddRowsAndNeverChange(uint32[6] calldata rows, bytes32 root) public {
        if (root == 0) root = "root";
        uint32 count = 1;
        uint32 most = 1;
        for (uint256 i = 0; i < 6; i++) {
            bytes memory call = abi.encodeCall(
                datasets.addVersion,
                (dataset, root, rows[i], "newer", new address[](0), new uint256[](0))
            );
            // solhint-disable-next-line avoid-low-level-calls
            (bool ok, ) = address(datasets).call(call);
            require(ok == rows[i] > most, "rows");
            if (ok) (most, count) = (rows[i], count + 1);
            assertEq(datasets.versions(dataset), count, "count");
            (, uint32 kept, , ) = datasets.version(dataset, count);
            assertEq(kept, most, "the newest");
        }
        (bytes32 first, uint32 before, bytes32 manifest, bytes32 types) = datasets.version(dataset, 1);
        require(first == "c" && before == 1 && manifest == "m" && types == "t", "the first");
    }

    function testFuzz_AssetsAreTheirOwners(address stranger, uint96 price) public {
        if (stranger == address(this) || stranger == address(0)) return;
        (address[] memory who, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (who[0], amounts[0]) = (stranger, 1);
        _refused(stranger, address(datasets), abi.encodeCall(datasets.setPrice, (dataset, stranger, price)));
        _refused(
            stranger,
            address(datasets),
            abi.encodeCall(datasets.addVersion, (dataset, "c2", 2, "m2", who, amounts))
        );
        _refused(stranger, address(models), abi.encodeCall(models.createShares, (model, who, amounts)));
        _refused(
            stranger,
            address(models),
            abi.encodeCall(models.registerTrained, (stranger, "run", "m", model, 1, dataset, 1, 1, stranger))
        );
        require(datasets.ownerOf(dataset) == address(this) && models.ownerOf(model) == address(this), "owner");
    }

    function testFuzz_AParentExistsBeforeItsChild(uint256 asset, uint32 version, uint16 bps) public {
        if (asset == model && version == 0 && bps <= 10_000) return;
        if (asset == dataset && version == 1 && bps <= 10_000) return;
        IRoyalties.Parent[] memory parents = new IRoyalties.Parent[](1);
        parents[0] = IRoyalties.Parent(asset, version, bps);
        bytes memory call = abi.encodeCall(models.registerDerived, ("child", "m", address(1), 1, parents));
        _refused(address(this), address(models), call);
        parents[0] = IRoyalties.Parent(model, 0, bps % 10_001);
        uint256 child = models.registerDerived("child", "m", address(1), 1, parents);
        (bytes32 runId, IRoyalties.Parent[] memory kept) = models.lineageOf(child);
        require(runId == 0 && kept.length == 1 && kept[0].asset == model && kept[0].bps == bps % 10_001, "kept");
    }

    function _refused(address who, address target, bytes memory call) private {
        vm.prank(who);
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, ) = target.call(call);
        require(!ok, "not refused");
    }
}
