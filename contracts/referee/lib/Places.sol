// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Layout} from "./Layout.sol";
import {Op} from "./Op.sol";
import {TensorType} from "./TensorType.sol";

/// @title Where the elements of Pad, Resize and their like come from, by coordinates alone
library Places {
    using Layout for uint256;
    using Op for bytes;

    /// Instead of an operand's slot: the element is zero.
    uint256 internal constant ZERO = type(uint256).max;

    uint256 private constant CONSTANT = 0;
    uint256 private constant REFLECT = 1;
    uint256 private constant EDGE = 2;
    uint256 private constant WRAP = 3;

    /// @dev Pad, words: mode, begin[rank]. Operand 1, if present, is what constant padding holds.
    function padded(bytes calldata op, uint256 rank, uint256 here) internal pure returns (uint256 slot, uint256 place) {
        TensorType from = op.input(0);
        uint256 mode = op.natural(0);
        if (mode > WRAP) revert IJudge.Judge_Attribute(0);
        for (uint256 axis = 0; axis < rank; ++axis) {
            int256 size = int256(from.dim(axis));
            int256 begin = op.word(1 + axis);
            if (begin > type(int32).max || begin < type(int32).min) revert IJudge.Judge_Attribute(1 + axis);
            int256 spot = int256(here.get(axis)) - begin;
            if (spot < 0 || spot >= size) {
                if (mode == CONSTANT) return (op.present(1) ? 1 : ZERO, 0);
                if (mode == REFLECT) spot = spot < 0 ? -spot : 2 * (size - 1) - spot;
                else if (mode == EDGE) spot = spot < 0 ? int256(0) : size - 1;
                else spot = spot < 0 ? spot + size : spot - size;
                if (spot < 0 || spot >= size) revert IJudge.Judge_Attribute(1 + axis);
            }
            place = place.set(axis, uint256(spot));
        }
    }

    /// @dev Tile.
    function tiled(bytes calldata op, uint256 rank, uint256 here) internal pure returns (uint256 place) {
        TensorType from = op.input(0);
        for (uint256 axis = 0; axis < rank; ++axis) {
            uint256 size = from.dim(axis);
            if (size == 0) revert IJudge.Judge_Operand(0);
            place = place.set(axis, here.get(axis) % size);
        }
    }

    /// @dev Resize to the nearest, words for each axis: num, add, den. Place o comes from ⌊(o·num + add) / den⌋, the
    /// nearest inside the input.
    function resized(bytes calldata op, uint256 rank, uint256 here) internal pure returns (uint256 place) {
        TensorType from = op.input(0);
        for (uint256 axis = 0; axis < rank; ++axis) {
            int256 add = op.word(3 * axis + 1);
            if (add > type(int64).max || add < type(int64).min) revert IJudge.Judge_Attribute(3 * axis + 1);
            int256 spot = int256(here.get(axis) * op.natural(3 * axis)) + add;
            uint256 den = op.natural(3 * axis + 2);
            uint256 size = from.dim(axis);
            if (den == 0 || size == 0) revert IJudge.Judge_Attribute(3 * axis + 2);
            uint256 to = spot < 0 ? 0 : uint256(spot) / den;
            place = place.set(axis, to < size ? to : size - 1);
        }
    }

    /// @dev DepthToSpace, words: block size, whether columns and rows of a block follow the channel (CRD).
    function spread(bytes calldata op, uint256 here) internal pure returns (uint256) {
        uint256 size = _block(op);
        (uint256 y, uint256 x) = (here.get(2), here.get(3));
        uint256 inner = (y % size) * size + (x % size);
        uint256 channels = op.output(0).dim(1);
        uint256 channel = op.natural(1) != 0 ? here.get(1) * size * size + inner : inner * channels + here.get(1);
        return here.set(1, channel).set(2, y / size).set(3, x / size);
    }

    /// @dev SpaceToDepth, word: block size.
    function stacked(bytes calldata op, uint256 here) internal pure returns (uint256) {
        uint256 size = _block(op);
        uint256 channels = op.input(0).dim(1);
        if (channels == 0) revert IJudge.Judge_Operand(0);
        uint256 inner = here.get(1) / channels;
        uint256 y = here.get(2) * size + inner / size;
        uint256 x = here.get(3) * size + (inner % size);
        return here.set(1, here.get(1) % channels).set(2, y).set(3, x);
    }

    /// @dev Trilu, words: upper, k. Whether the element is kept.
    function kept(bytes calldata op, uint256 rank, uint256 here) internal pure returns (bool) {
        if (rank < 2) revert IJudge.Judge_Operand(0);
        int256 diagonal = int256(here.get(rank - 1)) - int256(here.get(rank - 2));
        return op.natural(0) != 0 ? diagonal >= op.word(1) : diagonal <= op.word(1);
    }

    function _block(bytes calldata op) private pure returns (uint256 size) {
        size = op.natural(0);
        if (op.output(0).rank() != 4 || op.input(0).rank() != 4) revert IJudge.Judge_Operand(0);
        if (size == 0 || size > 0xffff) revert IJudge.Judge_Attribute(0);
    }
}
