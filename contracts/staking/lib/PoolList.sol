// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice Up to eight numbers of pools in one word, without gaps: the first in bits 0 to 25, the next above. No pool
/// has the number zero, which ends the list.
library PoolList {
    uint256 private constant BITS = 26;
    uint208 private constant MASK = uint208((1 << BITS) - 1);
    uint256 private constant TOP = 7 * BITS;

    /// @notice A pool's number, if it can stand in a list.
    function number(uint256 id) internal pure returns (uint32) {
        require(id <= MASK, SafeCast.SafeCastOverflowedUintDowncast(26, id));
        return uint32(id);
    }

    /// @notice The first number, and the list without it.
    function next(uint208 list) internal pure returns (uint256 id, uint208 rest) {
        return (list & MASK, list >> BITS);
    }

    function add(uint208 list, uint256 id) internal pure returns (uint208 longer, bool fits) {
        return (uint208((uint256(list) << BITS) | id), list >> TOP == 0);
    }

    function remove(uint208 list, uint256 id) internal pure returns (uint208 shorter) {
        uint256 place = 0;
        while ((list >> place) & MASK != id) place += BITS;
        uint208 below = list & uint208((1 << place) - 1);
        return below | uint208((uint256(list) >> (place + BITS)) << place);
    }

    function all(uint208 list) internal pure returns (uint256[] memory ids) {
        uint256 count = 0;
        while ((list >> (count * BITS)) != 0) count++;
        ids = new uint256[](count);
        for (uint256 i = 0; i < count; i++) (ids[i], list) = next(list);
    }
}
