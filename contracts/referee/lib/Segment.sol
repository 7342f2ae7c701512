// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "./Bytes.sol";
import {Merkle} from "./Merkle.sol";
import {Header} from "./Program.sol";
import {Tags} from "./Tags.sol";

/// @notice A run of consecutive operators and the values that they make.
struct Segment {
    uint256 firstOp;
    uint256 opCount;
    uint256 firstValue;
    uint256 valueCount;
}

library SegmentLib {
    /// values of the largest segment, so that a value's number modulo this is its place in its segment's list
    uint256 internal constant VALUES = 1 << LEVELS;
    uint256 private constant LEVELS = 10;
    uint256 private constant LEAF = 16;

    /// @notice The leaf shown is not segment `index` of this program.
    error Segment_NotItsSegment(uint256 index);

    /// @notice Opens `firstOp u32 ‖ opCount u32 ‖ firstValue u32 ‖ valueCount u32 ‖ siblings` at `pointer`.
    function open(
        Header header,
        uint256 index,
        uint256 pointer
    ) internal pure returns (Segment memory segment, uint256 next) {
        bytes32 root = Tags.hash(Tags.SEGMENT, pointer, LEAF);
        (root, next) = Merkle.up(root, index, header.segmentCount(), pointer + LEAF);
        if (root != header.segmentsRoot()) revert Segment_NotItsSegment(index);
        segment = Segment(Bytes.u32(pointer), Bytes.u32(pointer + 4), Bytes.u32(pointer + 8), Bytes.u32(pointer + 12));
    }

    /// @notice Root of a segment's list: the roots at calldata `pointer`, each at its value's number modulo `VALUES`.
    function listRoot(Segment memory self, uint256 pointer) internal pure returns (bytes32 root) {
        uint256 first = self.firstValue % VALUES;
        // a list that runs over its end begins again at its beginning: then all of its places are filled
        bool around = first + self.valueCount > VALUES;
        bytes32[] memory leaves = new bytes32[](
            around
                ? VALUES
                : self.valueCount == 0
                    ? 1
                    : self.valueCount
        );
        for (uint256 i = 0; i < self.valueCount; ++i) {
            leaves[around ? (first + i) % VALUES : i] = Bytes.word(pointer + 32 * i);
        }
        return Merkle.padded(leaves, around ? 0 : first, LEVELS);
    }
}
