// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Emissions} from "../emissions/Emissions.sol";
import {EmissionReserve} from "../governance/EmissionReserve.sol";

/// @notice Deploys the reserve and the emissions contract, which name each other.
contract EmissionPair__Harness {
    EmissionReserve public immutable reserve;
    Emissions public immutable emissions;

    constructor(Emissions.Contracts memory c, uint256 allotted) {
        address second = address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), uint8(2))))));
        reserve = new EmissionReserve(c.stake.miel(), second, allotted);
        c.reserve = reserve;
        emissions = new Emissions(c);
    }
}
