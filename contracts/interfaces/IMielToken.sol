// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @title MIEL
/// @notice The token of stake and governance: ERC-20 with Permit, Votes on a clock of timestamps, and burning. The
/// whole supply is minted once, at construction, to stated holders; nobody can mint more.
/// @dev Staked MIEL is held by the StakeManager, which delegates to nobody.
interface IMielToken is IERC20, IERC20Permit, IERC5805 {
    /// @notice Each holder needs one amount.
    error MielToken_Length(uint256 holders, uint256 amounts);

    /// @notice Burns the caller's tokens.
    function burn(uint256 amount) external;
}
