// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Layout} from "./Layout.sol";
import {Op} from "./Op.sol";
import {TensorType} from "./TensorType.sol";

/// @title Which two rows of its operands an element of MatMul or Gemm is the dot product of
/// @dev The first operand lies with its terms innermost, the second too, so its last two axes are swapped.
library DotRows {
    struct Rows {
        uint256 terms;
        /// Number of the row among all rows of the first operand.
        uint256 a;
        /// Number of the column among all columns of the second.
        uint256 b;
        /// The same within its matrix.
        uint256 row;
        uint256 column;
        /// Logical coordinates of the element.
        uint256 coordinates;
    }

    uint256 private constant SWAPPED = 0x01;
    int256 private constant ONE = 0x3f800000;

    function matmul(bytes calldata op, uint256 element) internal pure returns (Rows memory rows) {
        unchecked {
            TensorType a = Op.input(op, 0);
            TensorType b = Op.input(op, 1);
            TensorType y = Op.output(op, 0);
            uint256 rankA = a.rank();
            uint256 rankB = b.rank();
            uint256 axes = y.rank();
            if (rankA == 0 || a.layoutCode() != 0) revert IJudge.Judge_Operand(0);
            if (rankB == 0 || b.layoutCode() != _swapped(rankB)) revert IJudge.Judge_Operand(1);
            rows.terms = a.dim(rankA - 1);
            if (rows.terms == 0 || rows.terms != b.dim(rankB < 2 ? 0 : rankB - 2)) revert IJudge.Judge_Operand(1);
            rows.coordinates = Layout.locate(y, element);
            uint256 matrices = (rankA > rankB ? rankA : rankB);
            matrices = matrices < 2 ? 0 : matrices - 2;
            if (axes != matrices + (rankA > 1 ? 1 : 0) + (rankB > 1 ? 1 : 0)) {
                revert IJudge.Judge_Operand(Op.OUTPUT_SLOT);
            }
            if (rankB > 1) {
                rows.column = _inside(b, 1, rankB - 1, Layout.get(rows.coordinates, --axes));
                rows.b = _matrix(b, 1, rankB, axes - (rankA > 1 ? 1 : 0), rows.coordinates);
                rows.b = rows.b * b.dim(rankB - 1) + rows.column;
            }
            if (rankA > 1) {
                rows.row = _inside(a, 0, rankA - 2, Layout.get(rows.coordinates, --axes));
                rows.a = _matrix(a, 0, rankA, axes, rows.coordinates) * a.dim(rankA - 2) + rows.row;
            }
        }
    }

    function gemm(bytes calldata op, uint256 element) internal pure returns (Rows memory rows) {
        unchecked {
            uint256 transA = Op.natural(op, 0) == 0 ? 0 : 1;
            uint256 transB = Op.natural(op, 1) == 0 ? 0 : 1;
            if (Op.word(op, 2) != ONE) revert IJudge.Judge_Attribute(2);
            if (Op.word(op, 3) != ONE) revert IJudge.Judge_Attribute(3);
            TensorType a = Op.input(op, 0);
            TensorType b = Op.input(op, 1);
            TensorType y = Op.output(op, 0);
            if (a.rank() != 2 || a.layoutCode() != (transA == 0 ? 0 : SWAPPED)) revert IJudge.Judge_Operand(0);
            if (b.rank() != 2 || b.layoutCode() != (transB == 0 ? SWAPPED : 0)) revert IJudge.Judge_Operand(1);
            if (y.rank() != 2) revert IJudge.Judge_Operand(Op.OUTPUT_SLOT);
            rows.terms = a.dim(1 - transA);
            if (rows.terms == 0 || rows.terms != b.dim(transB)) revert IJudge.Judge_Operand(1);
            rows.coordinates = Layout.locate(y, element);
            rows.a = rows.row = _inside(a, 0, transA, Layout.get(rows.coordinates, 0));
            rows.b = rows.column = _inside(b, 1, 1 - transB, Layout.get(rows.coordinates, 1));
        }
    }

    function _inside(TensorType kind, uint256 slot, uint256 axis, uint256 place) private pure returns (uint256) {
        if (place >= kind.dim(axis)) revert IJudge.Judge_Operand(slot);
        return place;
    }

    /// @dev Number of the operand's matrix at the element's leading `axes` coordinates, broadcast.
    function _matrix(
        TensorType kind,
        uint256 slot,
        uint256 rank,
        uint256 axes,
        uint256 coordinates
    ) private pure returns (uint256 index) {
        unchecked {
            coordinates >>= (axes - (rank - 2)) << 5;
            for (uint256 axis = 0; axis < rank - 2; ++axis) {
                uint256 size = kind.dim(axis);
                index = index * size + (size == 1 ? 0 : _inside(kind, slot, axis, Layout.get(coordinates, axis)));
            }
        }
    }

    /// @dev The layout with the last two axes swapped.
    function _swapped(uint256 rank) private pure returns (uint256 code) {
        unchecked {
            if (rank < 2) return 0;
            for (uint256 place = 0; place < rank; ++place) {
                uint256 axis = place < rank - 2 ? place : 2 * rank - 3 - place;
                code |= axis << (place << 2);
            }
        }
    }
}
