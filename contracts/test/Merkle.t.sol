// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RefereeLibs__Harness} from "./RefereeLibs__Harness.sol";
import {TestBase} from "./TestBase.sol";

/// @notice Lists of any size: every leaf and every run of leaves opens to the root, and nothing else does.
contract MerkleTest is TestBase {
    RefereeLibs__Harness private libs;

    function setUp() public {
        libs = new RefereeLibs__Harness();
    }

    function testFuzzEveryLeafOpensToTheRoot(uint256 seed, uint256 count, uint256 index) public view {
        count = bound(count, 1, 70);
        index = bound(index, 0, count - 1);
        bytes32[] memory leaves = _leaves(seed, count);
        (bytes32 root, bytes memory siblings) = _open(leaves, index, index);
        require(libs.up(leaves[index], index, count, siblings) == root, "up");
        bytes32[] memory one = new bytes32[](1);
        one[0] = leaves[index];
        require(libs.range(one, index, count, siblings) == root, "range of one");
    }

    function testFuzzEveryRunOpensToTheRoot(uint256 seed, uint256 count, uint256 first, uint256 last) public view {
        count = bound(count, 1, 70);
        first = bound(first, 0, count - 1);
        last = bound(last, first, count - 1);
        bytes32[] memory leaves = _leaves(seed, count);
        (bytes32 root, bytes memory siblings) = _open(leaves, first, last);
        bytes32[] memory run = new bytes32[](last - first + 1);
        for (uint256 i = 0; i < run.length; ++i) run[i] = leaves[first + i];
        require(libs.range(run, first, count, siblings) == root, "range");
    }

    function testFuzzARunAmongZerosHasTheRootOfTheWhole(uint256 seed, uint256 first, uint256 last) public view {
        first = bound(first, 0, 63);
        last = bound(last, first, 63);
        bytes32[] memory run = _leaves(seed, last - first + 1);
        bytes32[] memory whole = new bytes32[](64);
        for (uint256 i = 0; i < run.length; ++i) whole[first + i] = run[i];
        (bytes32 root, ) = _open(whole, 0, 0);
        require(libs.padded(run, first, 6) == root, "padded");
        try libs.padded(run, first + 64 - last, 6) returns (bytes32) {
            revert("beyond the end");
        } catch {}
    }

    function testFuzzNothingElseOpensToTheRoot(uint256 seed, uint256 count, uint256 index, uint256 flip) public view {
        count = bound(count, 2, 70);
        index = bound(index, 0, count - 1);
        bytes32[] memory leaves = _leaves(seed, count);
        (bytes32 root, bytes memory siblings) = _open(leaves, index, index);
        uint256 other = bound(flip, 0, count - 1);
        if (other != index) require(libs.up(leaves[index], other, count, siblings) != root, "moved");
        flip = bound(flip, 0, siblings.length - 1);
        siblings[flip] ^= 0x01;
        require(libs.up(leaves[index], index, count, siblings) != root, "flipped");
    }

    function testFuzzBeyondTheCountReverts(uint256 count, uint256 index) public view {
        count = bound(count, 0, 70);
        index = bound(index, count, type(uint32).max);
        try libs.up(bytes32(uint256(1)), index, count, "") returns (bytes32) {
            revert("opened");
        } catch {}
        try libs.range(new bytes32[](1), index, count, "") returns (bytes32) {
            revert("opened a run");
        } catch {}
    }

    function _leaves(uint256 seed, uint256 count) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) leaves[i] = keccak256(abi.encode(seed, i));
    }

    /// @dev Root of the padded tree, and the siblings of a run: written plainly, layer by layer.
    function _open(
        bytes32[] memory leaves,
        uint256 first,
        uint256 last
    ) private pure returns (bytes32 root, bytes memory siblings) {
        uint256 width = 1;
        while (width < leaves.length) width *= 2;
        bytes32[] memory layer = new bytes32[](width);
        for (uint256 i = 0; i < leaves.length; ++i) layer[i] = leaves[i];
        for (; width > 1; width /= 2) {
            if (first % 2 == 1) siblings = bytes.concat(siblings, layer[first - 1]);
            if (last % 2 == 0) siblings = bytes.concat(siblings, layer[last + 1]);
            (first, last) = (first / 2, last / 2);
            for (uint256 i = 0; i < width / 2; ++i) {
                layer[i] = keccak256(bytes.concat(layer[2 * i], layer[2 * i + 1]));
            }
        }
        return (layer[0], siblings);
    }
}
