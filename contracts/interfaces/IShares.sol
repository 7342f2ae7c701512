// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Shares
/// @notice ERC-20 with 18 decimals that divides one asset's revenue among any number of holders, in at most four revenue
/// tokens. Revenue belongs to whom holds the shares when it reaches the asset in {IRoyalties}; moving shares moves
/// nothing of what they earned before. Each claims for itself, or anyone for it.
/// @dev Earnings are kept with 36 decimals below the unit, for each share and for each holder, and what a division leaves is
/// carried: what holders are owed, what was paid and what is carried is exactly what the asset earned. The money itself
/// stays in {IRoyalties} until it is claimed.
/// Every asset's shares are a clone of one contract, with the asset's id and the issuer in the clone's code. The issuer
/// (a contract that hands shares out; mostly nobody) earns nothing: what shares earned while it held them goes with them
/// to the first holder. Nothing can be sent to it.
interface IShares is IERC20 {
    event Admitted(address indexed token);
    event Claimed(address indexed token, address indexed holder, uint256 amount);

    /// @notice Only the royalties may.
    error Shares_Caller(address caller);
    /// @notice As many amounts as holders, at least one and at most 64, none zero.
    error Shares_Holders(uint256 holders, uint256 amounts);
    /// @notice At most 2^112 - 1 shares in wei.
    error Shares_Supply(uint256 supply);
    /// @notice Only the asset's owner admits a token that the asset is not priced in.
    error Shares_Token(address token);
    /// @notice The token is a revenue token already, or there are four.
    error Shares_Admitted(address token, uint256 tokens);
    /// @notice Shares are not sent back to their issuer, and it claims nothing.
    error Shares_Issuer(address issuer);
    /// @notice Nothing is owed.
    error Shares_Nothing(address token, address holder);

    /// @notice Pays a holder what its shares earned in a token. For anyone; only the holder is paid.
    function claim(address token, address holder) external returns (uint256 amount);

    /// @notice Makes a token a revenue token, for good; what the asset earned in it so far is divided among the holders
    /// of this moment. For anyone if the asset is priced in it, else for the asset's owner.
    function admit(address token) external;

    /// @notice Makes new shares, or the first. For {IRoyalties}.
    function issue(address[] calldata holders, uint256[] calldata amounts, address token) external;

    /// @notice What {claim} would pay.
    function claimable(address token, address holder) external view returns (uint256);

    /// @notice The revenue tokens.
    function tokens() external view returns (address[] memory);

    /// @notice The model or data set whose revenue this is.
    function asset() external view returns (uint256);

    /// @notice Who hands shares out and earns nothing itself, or zero.
    function issuer() external view returns (address);
}
