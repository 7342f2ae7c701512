// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedParameters} from "../governance/FixedParameters.sol";

/// @notice The same rules while new jobs are held back.
contract PausedParameters__Harness is FixedParameters {
    function newJobsAllowed() external pure override returns (bool) {
        return false;
    }
}
