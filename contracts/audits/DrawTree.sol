// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A sum tree of 2^16 weights that remembers, besides how it stands, how it stood at the end of the last term and
/// of the one before. Six words lead from the root to a weight: two lanes at the root, eight in each of five nodes.
/// @dev A term is a version: the first change of a node in a term is made to a copy, so what was read before stays what it
/// was. Three copies take turns, for no more than three versions of a node can be asked for.
///
/// A lane is `sum 29 ‖ version 2 ‖ fresh 1`, least significant first: the sum of the child's weights, which of its three
/// copies holds them, and whether that copy was made in the term of this one.
///
/// `head`: three versions of the root, each `term 16 ‖ left 32 ‖ right 32`, and at bit 240 which is the newest.
struct DrawTree {
    // slot 0
    uint256 head;
    // slot 1
    mapping(uint256 key => uint256 lanes) nodes;
}

using DrawTrees for DrawTree global;

library DrawTrees {
    uint256 internal constant LEAVES = 1 << 16;
    uint256 private constant DEPTH = 5;
    uint256 private constant SUM = (1 << 29) - 1;
    uint256 private constant VERSION = 29;
    uint256 private constant FRESH = 1 << 31;
    uint256 private constant LANE = (1 << 32) - 1;
    /// @dev Every bit of a node but those that say fresh.
    uint256 private constant KEPT = 0x7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff;
    uint256 private constant ROOT_BITS = 80;
    uint256 private constant NEWEST = 240;

    /// @notice Sets a weight from `term` on, and says what it was before. Terms never go back.
    function set(DrawTree storage self, uint256 index, uint256 weight, uint256 term) internal returns (uint256 before) {
        (uint256 head, uint256 place, uint256 root) = _open(self.head, term);
        uint256[DEPTH + 1] memory words;
        uint256[DEPTH + 1] memory keys;
        words[0] = root;
        uint256 shift = 16 + 32 * (index >> 15);
        for (uint256 depth = 1; depth <= DEPTH; ++depth) {
            uint256 lane = (words[depth - 1] >> shift) & LANE;
            uint256 version = (lane >> VERSION) & 3;
            uint256 word = self.nodes[_key(depth, index, version)];
            if (lane & FRESH == 0) {
                version = (version + 1) % 3;
                word &= KEPT;
                words[depth - 1] =
                    (words[depth - 1] & ~(LANE << shift)) | (((lane & SUM) | (version << VERSION) | FRESH) << shift);
            }
            (words[depth], keys[depth]) = (word, _key(depth, index, version));
            shift = _shift(depth, index);
        }
        before = (words[DEPTH] >> shift) & SUM;
        for (uint256 depth = DEPTH; depth != 0; --depth) {
            self.nodes[keys[depth]] = words[depth] + (weight << shift) - (before << shift);
            shift = depth == 1 ? 16 + 32 * (index >> 15) : _shift(depth - 1, index);
        }
        root = words[0] + (weight << shift) - (before << shift);
        self.head = (head & ~(((1 << ROOT_BITS) - 1) << (ROOT_BITS * place))) | (root << (ROOT_BITS * place));
    }

    /// @notice Sum of all weights at the end of `term`.
    function total(DrawTree storage self, uint256 term) internal view returns (uint256) {
        return _total(_rootAt(self.head, term));
    }

    /// @notice Whose weight, at the end of `term`, the point lies in that `share` / 2^128 of the sum of all is; none if
    /// there is no weight.
    function draw(
        DrawTree storage self,
        uint256 share,
        uint256 term
    ) internal view returns (bool found, uint256 index) {
        uint256 word = _rootAt(self.head, term);
        uint256 point = _total(word);
        if (point == 0) return (false, 0);
        unchecked {
            point = (share * point) >> 128;
            word >>= 16;
            for (uint256 depth = 0; ; ++depth) {
                uint256 lane = word & LANE;
                uint256 child = 0;
                while (point >= lane & SUM) {
                    point -= lane & SUM;
                    word >>= 32;
                    lane = word & LANE;
                    ++child;
                }
                index = (index << (depth == 0 ? 1 : 3)) | child;
                if (depth == DEPTH) return (true, index);
                word = self.nodes[((_base(depth + 1) + index) << 2) | ((lane >> VERSION) & 3)];
            }
        }
    }

    /// @notice One weight at the end of `term`.
    function weightAt(DrawTree storage self, uint256 index, uint256 term) internal view returns (uint256) {
        uint256 lane = (_rootAt(self.head, term) >> (16 + 32 * (index >> 15))) & LANE;
        for (uint256 depth = 1; depth <= DEPTH; ++depth) {
            lane = (self.nodes[_key(depth, index, (lane >> VERSION) & 3)] >> _shift(depth, index)) & LANE;
        }
        return lane & SUM;
    }

    /// @dev The root of this term to write to, as a copy of the newest where it is of an earlier one.
    function _open(uint256 head, uint256 term) private pure returns (uint256, uint256 place, uint256 root) {
        place = head >> NEWEST;
        root = (head >> (ROOT_BITS * place)) & ((1 << ROOT_BITS) - 1);
        if (uint16(root) == term) return (head, place, root);
        place = (place + 1) % 3;
        root = ((root & (KEPT << 16)) & ~uint256(0xffff)) | term;
        return ((head & ((1 << NEWEST) - 1)) | (place << NEWEST), place, root);
    }

    /// @dev The newest root that is not later than `term`; empty before the first.
    function _rootAt(uint256 head, uint256 term) private pure returns (uint256 root) {
        uint256 place = head >> NEWEST;
        for (uint256 i = 0; i < 3; ++i) {
            root = (head >> (ROOT_BITS * place)) & ((1 << ROOT_BITS) - 1);
            if (uint16(root) <= term) return root;
            place = (place + 2) % 3;
        }
        return 0;
    }

    function _total(uint256 root) private pure returns (uint256) {
        return ((root >> 16) & SUM) + ((root >> 48) & SUM);
    }

    function _key(uint256 depth, uint256 index, uint256 version) private pure returns (uint256) {
        return ((_base(depth) + (index >> (18 - 3 * depth))) << 2) | version;
    }

    /// @dev So that no two nodes share a number.
    function _base(uint256 depth) private pure returns (uint256) {
        return 1 << (13 + depth);
    }

    function _shift(uint256 depth, uint256 index) private pure returns (uint256) {
        return ((index >> (15 - 3 * depth)) & 7) << 5;
    }
}
