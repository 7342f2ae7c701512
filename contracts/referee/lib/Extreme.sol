// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Elements} from "./Elements.sol";
import {Ranks} from "./Ranks.sol";

/// @title The largest or smallest of a set of elements, all of which are evidence
/// @dev A NaN among them permits each of them, NaN and the engine's first value.
library Extreme {
    struct Search {
        uint256 kind;
        uint256 claimed;
        bool largest;
        int256 best;
        bool member;
        bool odd;
        bool flushed;
    }

    /// The lowest and the largest finite float, where some engines start.
    uint256 private constant LOWEST = 0xff7fffff;
    uint256 private constant GREATEST = 0x7f7fffff;
    int256 private constant MINUS_INFINITY = -0x7f800000;

    function begin(uint256 kind, uint256 claimed, bool largest) internal pure returns (Search memory search) {
        (search.kind, search.claimed, search.largest) = (kind, claimed, largest);
        search.best = type(int256).min;
    }

    function see(Search memory search, uint256 bits) internal pure {
        uint256 kind = search.kind;
        if (bits == search.claimed) search.member = true;
        if (Ranks.isNaN(bits, kind)) search.odd = true;
        if (Ranks.isTiny(bits, kind) && search.claimed == bits & Ranks.SIGN) search.flushed = true;
        int256 rank = Ranks.rank(bits, kind, search.largest);
        if (rank > search.best) search.best = rank;
    }

    /// @notice Whether the claim may be the extreme of what was seen; anything may be that of nothing.
    function good(Search memory search) internal pure returns (bool) {
        if (search.best == type(int256).min) return true;
        (uint256 kind, uint256 claimed, int256 best) = (search.kind, search.claimed, search.best);
        bool first = kind == Elements.FLOAT32 && claimed == (search.largest ? LOWEST : GREATEST);
        if (search.odd) return search.member || search.flushed || first || Ranks.isNaN(claimed, kind);
        if (kind == Elements.FLOAT32 && best < Ranks.LEAST_NORMAL && best > -Ranks.LEAST_NORMAL) {
            return search.flushed || (search.member && Ranks.isTiny(claimed, kind));
        }
        bool equal = search.member && Ranks.rank(claimed, kind, search.largest) == best;
        return equal || (first && best == MINUS_INFINITY);
    }
}
