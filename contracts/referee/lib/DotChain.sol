// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Op} from "./Op.sol";
import {TensorType} from "./TensorType.sol";

/// @title How long a chain of additions honest kernels make for an operator
/// @dev What decides is known before execution. A matrix that is a weight is laid out beforehand, and multiplied in
/// blocks of 256 terms. Other products, convolutions among them, have blocks that grow to 1,024 terms as the result
/// gets narrower. A product with a single row or column is made by vector kernels, which have no blocks.
library DotChain {
    uint256 internal constant LAID_OUT = 256;
    uint256 internal constant BLOCKED = 1024;
    uint256 internal constant UNBLOCKED = type(uint256).max;

    uint256 private constant WEIGHT = 2;

    /// @notice Longest chain of a MatMul or Gemm.
    function product(bytes calldata op) internal pure returns (uint256) {
        unchecked {
            TensorType b = Op.input(op, 1);
            (uint256 kind, ) = Op.ref(op, 1);
            if (kind == WEIGHT && b.rank() == 2) return LAID_OUT;
            TensorType y = Op.output(op, 0);
            uint256 rank = y.rank();
            bool vector = Op.input(op, 0).rank() < 2 || b.rank() < 2 || y.dim(rank - 1) == 1 || y.dim(rank - 2) == 1;
            return vector ? UNBLOCKED : BLOCKED;
        }
    }

    /// @notice Longest chain of a Conv: filters are rows and pixels are columns, in each group apart.
    function convolution(bytes calldata op) internal pure returns (uint256) {
        unchecked {
            TensorType y = Op.output(op, 0);
            bool vector = y.dim(1) == Op.natural(op, 6) || y.dim(2) * y.dim(3) == 1;
            return vector ? UNBLOCKED : BLOCKED;
        }
    }
}
