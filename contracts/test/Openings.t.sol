// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RefereeLibs__Harness} from "./RefereeLibs__Harness.sol";
import {TestBase} from "./TestBase.sol";

/// @notice Tensors of any length and any two ranges of them: the chunks open to the root, and no other bytes do.
contract OpeningsTest is TestBase {
    uint256 private constant CHUNK = 1024;
    RefereeLibs__Harness private libs;

    function setUp() public {
        libs = new RefereeLibs__Harness();
    }

    function testFuzzTwoRangesOpenToTheRoot(
        uint256 seed,
        uint256 length,
        uint256[4] memory cuts,
        uint256 flip
    ) public view {
        length = bound(length, 4, 12 * CHUNK);
        cuts[0] = bound(cuts[0], 0, length - 4);
        cuts[1] = bound(cuts[1], cuts[0] + 1, length - 3);
        cuts[2] = bound(cuts[2], cuts[1], length - 2);
        cuts[3] = bound(cuts[3], cuts[2] + 1, length);
        bytes memory content = _content(seed, length);
        bool[] memory opened = new bool[]((length + CHUNK - 1) / CHUNK);
        for (uint256 i = 0; i < 4; i += 2) {
            for (uint256 k = cuts[i] / CHUNK; k <= (cuts[i + 1] - 1) / CHUNK; ++k) opened[k] = true;
        }
        (bytes32 root, bytes memory tail) = _open(content, opened);
        bytes memory blob = abi.encodePacked(
            uint32(cuts[0]),
            uint32(cuts[1] - cuts[0]),
            uint32(cuts[2]),
            uint32(cuts[3] - cuts[2]),
            tail
        );
        (bytes32 found, uint256[] memory chunks) = libs.open(length, 2, blob);
        require(found == root, "root");
        uint256 at_;
        for (uint256 k = 0; k < opened.length; ++k) if (opened[k]) require(chunks[at_++] == k, "chunks");
        require(at_ == chunks.length, "chunks beyond");

        flip = bound(flip, 16, blob.length - 1);
        blob[flip] ^= 0x80;
        (found, ) = libs.open(length, 2, blob);
        require(found != root, "flipped");
    }

    function testFuzzRangesThatAreNoneRevert(uint32[4] memory numbers, uint256 length) public view {
        length = bound(length, 0, 4 * CHUNK);
        uint256 free = uint256(numbers[0]) + numbers[1];
        bool fine =
            numbers[1] != 0 && numbers[3] != 0 && numbers[2] >= free && uint256(numbers[2]) + numbers[3] <= length;
        if (fine) return;
        bytes memory blob = abi.encodePacked(numbers[0], numbers[1], numbers[2], numbers[3], new bytes(4 * CHUNK));
        try libs.open(length, 2, blob) returns (bytes32, uint256[] memory) {
            revert("opened");
        } catch {}
    }

    function testNoRangeReverts() public view {
        try libs.open(5000, 0, new bytes(5 * CHUNK)) returns (bytes32, uint256[] memory) {
            revert("opened");
        } catch {}
    }

    function _content(uint256 seed, uint256 length) private pure returns (bytes memory content) {
        content = new bytes(length);
        for (uint256 i = 0; i < length; i += 97) content[i] = bytes1(uint8(uint256(keccak256(abi.encode(seed, i)))));
    }

    /// @dev Root, opened chunks and siblings, layer by layer.
    function _open(bytes memory content, bool[] memory opened) private pure returns (bytes32 root, bytes memory tail) {
        uint256 width = 1;
        while (width < opened.length) width *= 2;
        bytes32[] memory layer = new bytes32[](width);
        bool[] memory known = new bool[](width);
        for (uint256 k = 0; k < opened.length; ++k) {
            bytes memory chunk = new bytes(CHUNK);
            for (uint256 i = 0; i < CHUNK && k * CHUNK + i < content.length; ++i) chunk[i] = content[k * CHUNK + i];
            layer[k] = sha256(chunk);
            known[k] = opened[k];
            if (opened[k]) tail = bytes.concat(tail, chunk);
        }
        for (; width > 1; width /= 2) {
            for (uint256 i = 0; i < width; i += 2) {
                if (known[i + 1] && !known[i]) tail = bytes.concat(tail, layer[i]);
                if (known[i] && !known[i + 1]) tail = bytes.concat(tail, layer[i + 1]);
                layer[i / 2] = sha256(bytes.concat(layer[i], layer[i + 1]));
                known[i / 2] = known[i] || known[i + 1];
            }
        }
        return (layer[0], tail);
    }
}
