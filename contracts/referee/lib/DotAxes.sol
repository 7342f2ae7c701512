// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {DotRows} from "./DotRows.sol";
import {Layout} from "./Layout.sol";
import {Op} from "./Op.sol";
import {TensorType} from "./TensorType.sol";

/// @title Which two rows of its operands an element of Einsum is the dot product of
/// @dev Words: how many axes are summed over; then for every other axis of the first operand, in the order in which
/// they are stored, the output's axis; then the same for the second. Axes summed over are stored last, in one order.
library DotAxes {
    function rows(bytes calldata op, uint256 element) internal pure returns (DotRows.Rows memory found) {
        unchecked {
            TensorType a = Op.input(op, 0);
            TensorType b = Op.input(op, 1);
            uint256 summed = Op.natural(op, 0);
            if (summed > a.rank() || summed > b.rank()) revert IJudge.Judge_Attribute(0);
            found.coordinates = Layout.locate(Op.output(op, 0), element);
            found.terms = 1;
            for (uint256 i = 1; i <= summed; ++i) {
                uint256 size = a.dim(_axis(a, a.rank() - i));
                if (size == 0 || size != b.dim(_axis(b, b.rank() - i))) revert IJudge.Judge_Operand(1);
                found.terms *= size;
            }
            uint256 leading = a.rank() - summed;
            found.a = _row(op, a, 0, leading, 1, found.coordinates);
            found.b = _row(op, b, 1, b.rank() - summed, 1 + leading, found.coordinates);
        }
    }

    function _row(
        bytes calldata op,
        TensorType kind,
        uint256 slot,
        uint256 leading,
        uint256 word,
        uint256 coordinates
    ) private pure returns (uint256 number) {
        unchecked {
            uint256 axes = Op.output(op, 0).rank();
            for (uint256 place = 0; place < leading; ++place) {
                uint256 axis = Op.natural(op, word + place);
                uint256 size = kind.dim(_axis(kind, place));
                uint256 index = Layout.get(coordinates, axis);
                if (axis >= axes) revert IJudge.Judge_Attribute(word + place);
                if (index >= size) revert IJudge.Judge_Operand(slot);
                number = number * size + index;
            }
        }
    }

    /// @dev Logical axis stored at a physical place.
    function _axis(TensorType kind, uint256 place) private pure returns (uint256) {
        uint256 code = kind.layoutCode();
        return code == 0 ? place : (code >> (place << 2)) & 15;
    }
}
