// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Layout} from "./Layout.sol";
import {TensorType} from "./TensorType.sol";

/// @title The row of elements that an operator reduces
/// @dev The reduced axes lie innermost, in their order, so that a row is one range of bytes.
library Reduction {
    using Layout for uint256;

    /// @notice Number and length of the row at `here`.
    /// @param mask Bit i: axis i is reduced.
    /// @param here Coordinates in the operand; those of reduced axes do not matter.
    function row(TensorType from, uint256 mask, uint256 here) internal pure returns (uint256 number, uint256 length) {
        unchecked {
            uint256 axes = from.rank();
            if (mask == 0 || mask >> axes != 0) revert IJudge.Judge_Attribute(0);
            uint256 code;
            uint256 place;
            bool moved;
            length = 1;
            for (uint256 axis = 0; axis < axes; ++axis) {
                uint256 size = from.dim(axis);
                if ((mask >> axis) & 1 == 1) {
                    length *= size;
                    continue;
                }
                if (here.get(axis) >= size) revert IJudge.Judge_Operand(0);
                number = number * size + here.get(axis);
                moved = moved || place != axis;
                code |= axis << (4 * place++);
            }
            for (uint256 axis = 0; axis < axes; ++axis) {
                if ((mask >> axis) & 1 == 1) code |= axis << (4 * place++);
            }
            if (from.layoutCode() != (moved ? code : 0)) revert IJudge.Judge_Operand(0);
        }
    }

    /// @notice Coordinates in the operand of the result at `here`.
    function coordinates(TensorType from, uint256 mask, bool keepdims, uint256 here) internal pure returns (uint256) {
        unchecked {
            if (keepdims) return here;
            for (uint256 axis = 0; axis < from.rank(); ++axis) {
                if ((mask >> axis) & 1 == 0) continue;
                uint256 shift = axis << 5;
                here = (here & ((1 << shift) - 1)) | ((here >> shift) << (shift + 32));
            }
            return here;
        }
    }
}
