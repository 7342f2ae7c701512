// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Evidence} from "./Evidence.sol";
import {Layout} from "./Layout.sol";
import {Op} from "./Op.sol";
import {TensorType} from "./TensorType.sol";

/// @title Which part of the image an element of a convolution looks at
/// @dev Image and filters lie with their channels innermost. One filter is the whole row of `terms`; the window takes
/// its shape, with padding wherever it lies outside of the image.
library DotWindow {
    struct Window {
        uint256 terms;
        /// Number of the filter: the output channel.
        uint256 filter;
        bool clipped;
        /// Filter height and width, dilations.
        uint256 kh;
        uint256 kw;
        uint256 dy;
        uint256 dx;
        /// Place of the window's first tap in the padded image, and the padding before the image.
        uint256 top;
        uint256 left;
        uint256 py;
        uint256 px;
        uint256 height;
        uint256 width;
        /// Channels of the image, and those that this filter sees: `depth` from `channel` on.
        uint256 channels;
        uint256 channel;
        uint256 depth;
        /// First row of this image among the rows of all images.
        uint256 rows;
    }

    uint256 private constant CHANNELS_LAST = 0x1320;

    function locate(bytes calldata op, uint256 element) internal pure returns (Window memory w) {
        unchecked {
            TensorType x = Op.input(op, 0);
            TensorType f = Op.input(op, 1);
            TensorType y = Op.output(op, 0);
            if (x.rank() != 4 || x.layoutCode() != CHANNELS_LAST) revert IJudge.Judge_Operand(0);
            if (f.rank() != 4 || f.layoutCode() != CHANNELS_LAST) revert IJudge.Judge_Operand(1);
            if (y.rank() != 4) revert IJudge.Judge_Operand(Op.OUTPUT_SLOT);
            (w.py, w.px, w.dy, w.dx) = (Op.natural(op, 2), Op.natural(op, 3), Op.natural(op, 4), Op.natural(op, 5));
            (w.channels, w.height, w.width) = (x.dim(1), x.dim(2), x.dim(3));
            (w.depth, w.kh, w.kw) = (f.dim(1), f.dim(2), f.dim(3));
            w.terms = w.depth * w.kh * w.kw;
            uint256 coordinates = Layout.locate(y, element);
            w.filter = Layout.get(coordinates, 1);
            if (w.terms == 0 || w.filter >= f.dim(0)) revert IJudge.Judge_Operand(1);
            uint256 group = Op.natural(op, 6);
            if (group == 0 || f.dim(0) % group != 0) revert IJudge.Judge_Attribute(6);
            if (w.depth * group != w.channels) revert IJudge.Judge_Operand(1);
            w.channel = (w.filter / (f.dim(0) / group)) * w.depth;
            w.top = Layout.get(coordinates, 2) * Op.natural(op, 0);
            w.left = Layout.get(coordinates, 3) * Op.natural(op, 1);
            w.clipped =
                w.top < w.py ||
                w.left < w.px ||
                w.top + (w.kh - 1) * w.dy >= w.py + w.height ||
                w.left + (w.kw - 1) * w.dx >= w.px + w.width;
            uint256 image = Layout.get(coordinates, 0);
            if (image >= x.dim(0)) revert IJudge.Judge_Operand(0);
            w.rows = image * w.height;
        }
    }

    /// @notice Takes the ranges of the window from the evidence and puts them in their places at `target`.
    /// @dev A range is a run of taps side by side with all their channels, or, where taps or channels do not touch,
    /// the channels of one tap.
    function copy(Window memory w, Evidence.Cursor memory cursor, uint256 target, uint256 size) internal pure {
        unchecked {
            bool run = w.dx == 1 && w.depth == w.channels;
            uint256 first = w.left < w.px ? w.px - w.left : 0;
            uint256 end = w.kw;
            if (run && w.left + end > w.px + w.width) end = w.px + w.width > w.left ? w.px + w.width - w.left : 0;
            for (uint256 ky = 0; ky < w.kh; ++ky) {
                uint256 y = w.top + ky * w.dy - w.py;
                if (y >= w.height) continue; // above the image too: y has wrapped
                uint256 row = (w.rows + y) * w.width;
                uint256 tap = ky * w.kw;
                if (run) {
                    if (first < end) {
                        _take(w, cursor, target, size, tap + first, row + w.left + first - w.px, end - first);
                    }
                    continue;
                }
                for (uint256 kx = 0; kx < w.kw; ++kx) {
                    uint256 x = w.left + kx * w.dx - w.px;
                    if (x < w.width) _take(w, cursor, target, size, tap + kx, row + x, 1);
                }
            }
        }
    }

    /// @notice Sets `length` bytes at `target` to `value`; the buffer is zero beyond them and in whole words.
    function fill(uint256 target, uint256 length, uint256 value) internal pure {
        assembly ("memory-safe") {
            let word := mul(value, 0x0101010101010101010101010101010101010101010101010101010101010101)
            let end := add(target, length)
            let p := target
            for {} lt(add(p, 31), end) {
                p := add(p, 32)
            } {
                mstore(p, word)
            }
            for {} lt(p, end) {
                p := add(p, 1)
            } {
                mstore8(p, value)
            }
        }
    }

    function _take(
        Window memory w,
        Evidence.Cursor memory cursor,
        uint256 target,
        uint256 size,
        uint256 tap,
        uint256 pixel,
        uint256 taps
    ) private pure {
        unchecked {
            uint256 length = taps * w.depth * size;
            uint256 source = Evidence.take(cursor, 0, (pixel * w.channels + w.channel) * size, length);
            target += tap * w.depth * size;
            assembly ("memory-safe") {
                calldatacopy(target, source, length)
            }
        }
    }
}
