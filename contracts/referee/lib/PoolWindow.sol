// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Layout} from "./Layout.sol";
import {Op} from "./Op.sol";
import {TensorType} from "./TensorType.sol";

/// @title The window of one channel of an image that an element of a pooling operator looks at
/// @dev Attribute words from the first on: kh, kw, sy, sx, py, px, dy, dx.
library PoolWindow {
    using Layout for TensorType;
    using Layout for uint256;
    using Op for bytes;

    struct Window {
        /// Attribute words, from kh on.
        uint256[8] words;
        /// Top left corner, padding included; may be negative.
        int256 top;
        int256 left;
        /// Whether a row's elements lie further apart than a column's.
        bool rowsFirst;
    }

    function locate(bytes calldata op, TensorType from, uint256 here) internal pure returns (Window memory window) {
        if (from.rank() != 4) revert IJudge.Judge_Operand(0);
        if (op.output(0).dtype() != from.dtype() || op.output(0).rank() != 4) {
            revert IJudge.Judge_Operand(Op.OUTPUT_SLOT);
        }
        for (uint256 i = 0; i < 8; ++i) window.words[i] = op.natural(i);
        window.top = int256(here.get(2) * window.words[2]) - int256(window.words[4]);
        window.left = int256(here.get(3) * window.words[3]) - int256(window.words[5]);
        window.rowsFirst = from.placeOf(2) < from.placeOf(3);
    }

    /// @notice How many elements the window has, inside the image and out.
    function taps(Window memory window) internal pure returns (uint256) {
        return window.words[0] * window.words[1];
    }

    /// @notice Coordinates of the window's i-th element in the order of the bytes.
    function step(
        Window memory window,
        TensorType from,
        uint256 here,
        uint256 i
    ) internal pure returns (bool inside, uint256 place) {
        (uint256 kh, uint256 kw) = (window.words[0], window.words[1]);
        (uint256 ky, uint256 kx) = window.rowsFirst ? (i / kw, i % kw) : (i % kh, i / kh);
        int256 y = window.top + int256(ky * window.words[6]);
        int256 x = window.left + int256(kx * window.words[7]);
        inside = y >= 0 && x >= 0 && y < int256(from.dim(2)) && x < int256(from.dim(3));
        if (inside) place = here.set(2, uint256(y)).set(3, uint256(x));
    }
}
