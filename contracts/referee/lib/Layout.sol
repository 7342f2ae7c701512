// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {TensorType} from "./TensorType.sol";

/// @notice Physical element index ↔ logical coordinates. Coordinates are one word: axis a in bits 32a to 32a+31.
library Layout {
    uint256 private constant LANE = 0xffffffff;

    function get(uint256 coordinates, uint256 axis) internal pure returns (uint256) {
        return (coordinates >> (axis << 5)) & LANE;
    }

    /// @notice `coordinates` with `axis` set to `value`.
    function set(uint256 coordinates, uint256 axis, uint256 value) internal pure returns (uint256) {
        return (coordinates & ~(LANE << (axis << 5))) | (value << (axis << 5));
    }

    /// @notice Coordinates of the element at physical index `index`. Reverts beyond the last.
    function locate(TensorType kind, uint256 index) internal pure returns (uint256) {
        return _unravel(kind, kind.layoutCode(), index);
    }

    /// @notice Physical index of the element at `coordinates`. Reverts outside the tensor.
    function indexOf(TensorType kind, uint256 coordinates) internal pure returns (uint256) {
        return _ravel(kind, kind.layoutCode(), coordinates);
    }

    /// @notice Logical row-major index, which reshaping keeps.
    function rowMajor(TensorType kind, uint256 coordinates) internal pure returns (uint256) {
        return _ravel(kind, 0, coordinates);
    }

    function fromRowMajor(TensorType kind, uint256 index) internal pure returns (uint256) {
        return _unravel(kind, 0, index);
    }

    /// @notice Coordinates in an operand that is broadcast, right-aligned, to a tensor of `rank` axes.
    function broadcast(TensorType operand, uint256 rank, uint256 coordinates) internal pure returns (uint256) {
        unchecked {
            uint256 axes = operand.rank();
            if (axes > rank) revert IJudge.Judge_Element(coordinates);
            coordinates >>= (rank - axes) << 5;
            for (uint256 axis = 0; axis < axes; ++axis) {
                if (operand.dim(axis) == 1) coordinates = set(coordinates, axis, 0);
            }
            return coordinates;
        }
    }

    /// @notice Physical place of a logical axis.
    function placeOf(TensorType kind, uint256 axis) internal pure returns (uint256 place) {
        unchecked {
            uint256 code = kind.layoutCode();
            while (place < kind.rank() && _axis(code, place) != axis) ++place;
        }
    }

    function _axis(uint256 code, uint256 place) private pure returns (uint256) {
        return code == 0 ? place : (code >> (place << 2)) & 15;
    }

    function _unravel(TensorType kind, uint256 code, uint256 index) private pure returns (uint256 coordinates) {
        unchecked {
            uint256 rest = index;
            for (uint256 place = kind.rank(); place > 0;) {
                uint256 axis = _axis(code, --place);
                uint256 size = kind.dim(axis);
                if (size == 0) revert IJudge.Judge_Element(index);
                coordinates |= (rest % size) << (axis << 5);
                rest /= size;
            }
            if (rest != 0) revert IJudge.Judge_Element(index);
        }
    }

    function _ravel(TensorType kind, uint256 code, uint256 coordinates) private pure returns (uint256 index) {
        unchecked {
            uint256 axes = kind.rank();
            for (uint256 place = 0; place < axes; ++place) {
                uint256 axis = _axis(code, place);
                uint256 size = kind.dim(axis);
                uint256 coordinate = get(coordinates, axis);
                if (coordinate >= size) revert IJudge.Judge_Element(coordinates);
                index = index * size + coordinate;
            }
        }
    }
}
