// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {G1} from "../randomness/Bn254.sol";
import {HashToG1} from "../randomness/HashToG1.sol";

/// @notice The library's parts, each on its own.
contract HashToG1__Harness {
    function hash(bytes calldata message, bytes calldata tag) external view returns (G1 memory) {
        return HashToG1.hash(message, tag);
    }

    function elements(bytes calldata message, bytes calldata tag) external pure returns (uint256 u, uint256 v) {
        return HashToG1.elements(message, tag);
    }

    function map(uint256 u) external view returns (G1 memory) {
        return HashToG1.map(u);
    }
}
