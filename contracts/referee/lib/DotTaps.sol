// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Buffer} from "./Buffer.sol";
import {Evidence} from "./Evidence.sol";
import {Layout} from "./Layout.sol";
import {Op} from "./Op.sol";
import {TensorType} from "./TensorType.sol";

/// @title Which taps of its filter an element of ConvTranspose gets, and from which places of the image
/// @dev Words: sy, sx, py, px, dy, dx, group. Image and filters lie with the image's channels innermost; a tap is a
/// run of the channels of one group, in both.
library DotTaps {
    struct Taps {
        uint256[7] words;
        uint256 kh;
        uint256 kw;
        uint256 height;
        uint256 width;
        /// Channels of the image, and those that this output sees: `depth` from `channel` on.
        uint256 channels;
        uint256 channel;
        uint256 depth;
        /// Which filter of its group, number of the image, and the output's place in the padded image.
        uint256 filter;
        uint256 image;
        uint256 y;
        uint256 x;
        /// Output channel.
        uint256 output;
    }

    uint256 private constant CHANNELS_LAST = 0x1320;
    uint256 private constant FILTERS_FIRST = 0x0321;

    function locate(bytes calldata op, uint256 element) internal pure returns (Taps memory t) {
        unchecked {
            TensorType x = Op.input(op, 0);
            TensorType f = Op.input(op, 1);
            TensorType y = Op.output(op, 0);
            if (x.rank() != 4 || x.layoutCode() != CHANNELS_LAST) revert IJudge.Judge_Operand(0);
            if (f.rank() != 4 || f.layoutCode() != FILTERS_FIRST) revert IJudge.Judge_Operand(1);
            if (y.rank() != 4) revert IJudge.Judge_Operand(Op.OUTPUT_SLOT);
            for (uint256 i = 0; i < 7; ++i) {
                t.words[i] = Op.natural(op, i);
                if (t.words[i] == 0 && i != 2 && i != 3) revert IJudge.Judge_Attribute(i);
            }
            (t.channels, t.height, t.width) = (x.dim(1), x.dim(2), x.dim(3));
            (t.kh, t.kw) = (f.dim(2), f.dim(3));
            uint256 group = t.words[6];
            if (t.channels == 0 || t.channels != f.dim(0) || t.channels % group != 0) revert IJudge.Judge_Operand(1);
            t.depth = t.channels / group;
            uint256 here = Layout.locate(y, element);
            t.output = Layout.get(here, 1);
            uint256 filters = f.dim(1);
            if (t.output >= filters * group) revert IJudge.Judge_Operand(1);
            t.filter = t.output % filters;
            t.channel = (t.output / filters) * t.depth;
            t.image = Layout.get(here, 0);
            if (t.image >= x.dim(0)) revert IJudge.Judge_Operand(0);
            t.y = Layout.get(here, 2) + t.words[2];
            t.x = Layout.get(here, 3) + t.words[3];
        }
    }

    /// @notice How many taps meet the image.
    function count(Taps memory t) internal pure returns (uint256 taps) {
        unchecked {
            uint256 all = t.kh * t.kw;
            for (uint256 tap = 0; tap < all; ++tap) {
                (bool inside, ) = _pixel(t, tap);
                if (inside) ++taps;
            }
        }
    }

    /// @notice Takes the image's runs to `a` and the filter's to `b`; each operand's runs ascend in the evidence.
    function copy(Taps memory t, Evidence.Cursor memory cursor, uint256 a, uint256 b, uint256 taps) internal pure {
        unchecked {
            uint256 size = t.depth << 2;
            uint256 all = t.kh * t.kw;
            uint256 next = taps;
            for (uint256 tap = all; tap-- > 0;) {
                (bool inside, uint256 pixel) = _pixel(t, tap);
                if (!inside) continue;
                uint256 source = Evidence.take(cursor, 0, (pixel * t.channels + t.channel) << 2, size);
                Buffer.copy(a + --next * size, source, size);
            }
            for (uint256 tap = 0; tap < all; ++tap) {
                (bool inside, ) = _pixel(t, tap);
                if (!inside) continue;
                uint256 run = (t.filter * all + tap) * t.channels + t.channel;
                Buffer.copy(b + next++ * size, Evidence.take(cursor, 1, run << 2, size), size);
            }
        }
    }

    /// @dev Number of the pixel that meets a tap.
    function _pixel(Taps memory t, uint256 tap) private pure returns (bool inside, uint256 pixel) {
        unchecked {
            uint256 y = t.y - (tap / t.kw) * t.words[4];
            uint256 x = t.x - (tap % t.kw) * t.words[5];
            if (y > 0xffffffffff || x > 0xffffffffff) return (false, 0); // wrapped below zero
            inside = y % t.words[0] == 0 && x % t.words[1] == 0;
            (y, x) = (y / t.words[0], x / t.words[1]);
            inside = inside && y < t.height && x < t.width;
            pixel = (t.image * t.height + y) * t.width + x;
        }
    }
}
